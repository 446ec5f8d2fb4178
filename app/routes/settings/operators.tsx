import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { Form } from "react-router";
import type { Operator } from "#app/accounts/operators.server.ts";
import { ADVISED_PASSWORD_LENGTH, SHORTEST_PASSWORD } from "#app/accounts/password-rules.ts";
import { fieldError, formError } from "#app/middleware/error-body.ts";
import { type Answer, doneAnswer } from "#app/routes/settings/answer.ts";
import classes from "#app/routes/settings/settings.module.css";
import { useFormKey } from "#app/routes/settings/use-form-key.ts";
import { Ago } from "#app/ui/ago.tsx";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";
import { Section } from "#app/ui/page.tsx";
import { PostButton } from "#app/ui/post-button.tsx";

export interface OperatorSettingsProps {
  operators: Operator[];
  /** The id of the operator who looks at the page. */
  self: string;
  answer: Answer;
}

/** Who may sign in. */
export function OperatorSettings({ operators, self, answer }: OperatorSettingsProps) {
  return (
    <>
      <Section title="Operators">
        <DataTable
          label="Operators"
          columns={columns}
          rows={operators.map((operator) => ({ ...operator, isSelf: operator.id === self }))}
          rowId={(operator) => operator.id}
          empty={<EmptyState kind="clear" title="No operator" />}
        />
      </Section>
      <Section title="Add an operator">
        <OperatorForm answer={answer} />
      </Section>
    </>
  );
}

function OperatorForm({ answer }: { answer: Answer }) {
  const refused = formError(answer);
  const done = doneAnswer(answer, "add-operator");
  const formKey = useFormKey(done);
  return (
    <Form method="post" noValidate className={classes.form} key={formKey}>
      <input type="hidden" name="intent" value="add-operator" />
      <Stack>
        {refused ? <ErrorText announce message={refused.message} /> : null}
        {done ? <p role="status">{done.message}</p> : null}
        <TextInput
          name="email"
          type="email"
          label="E-mail"
          autoComplete="off"
          required
          withAsterisk={false}
          error={fieldError(answer, "email")}
        />
        <PasswordInput
          name="password"
          label="First password"
          description={`At least ${SHORTEST_PASSWORD} characters; ${ADVISED_PASSWORD_LENGTH} or more are better`}
          autoComplete="new-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
          error={fieldError(answer, "password")}
        />
        <div>
          <Button type="submit">Add operator</Button>
        </div>
      </Stack>
    </Form>
  );
}

const columns: Column<Operator & { isSelf: boolean }>[] = [
  {
    id: "email",
    header: "E-mail",
    cell: (operator) => (operator.disabledAt ? <s>{operator.email}</s> : operator.email),
    phone: "title",
  },
  { id: "added", header: "Added", cell: (operator) => <Ago at={operator.createdAt} />, width: 130 },
  {
    id: "signedIn",
    header: "Last signed in",
    cell: (operator) => (operator.lastSignedInAt ? <Ago at={operator.lastSignedInAt} /> : "never"),
    width: 140,
  },
  {
    id: "disable",
    header: "Access",
    width: 180,
    align: "right",
    phone: "aside",
    cell: (operator) => <AccessButton operator={operator} />,
  },
];

function AccessButton({ operator }: { operator: Operator & { isSelf: boolean } }) {
  if (operator.isSelf) return "you";
  if (operator.disabledAt)
    return (
      <PostButton fields={{ intent: "enable-operator", operator: operator.id }} tone="quiet">
        Let in again
      </PostButton>
    );
  return (
    <ConfirmButton
      fields={{ intent: "disable-operator", operator: operator.id }}
      title={`Disable ${operator.email}?`}
      text="They are signed out everywhere at once and cannot sign in. What they did stays, and they can be let in again."
      confirmLabel="Disable 1 operator"
      confirmTone="danger"
      tone="quiet"
    >
      Disable
    </ConfirmButton>
  );
}
