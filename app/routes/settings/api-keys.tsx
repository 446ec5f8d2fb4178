import { Alert, Button, TextInput } from "@mantine/core";
import { Form } from "react-router";
import type { ApiKey } from "#app/accounts/api-keys.server.ts";
import { fieldError, formError } from "#app/middleware/error-body.ts";
import { type Answer, doneAnswer } from "#app/routes/settings/answer.ts";
import classes from "#app/routes/settings/settings.module.css";
import { useFormKey } from "#app/routes/settings/use-form-key.ts";
import { Ago } from "#app/ui/ago.tsx";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { CopyButton } from "#app/ui/copy-button.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";
import { Section } from "#app/ui/page.tsx";

/** The keys of the machine API: make one, see when each was last used, revoke. */
export function ApiKeySettings({ keys, answer }: { keys: ApiKey[]; answer: Answer }) {
  const refused = formError(answer);
  const done = doneAnswer(answer, "create-api-key");
  const created = done?.createdKey;
  const formKey = useFormKey(done);
  return (
    <>
      <Section title="New key">
        {refused ? <ErrorText announce message={refused.message} /> : null}
        {created ? (
          <Alert role="status" title={`Key "${created.name}": copy it now, it is not shown again`}>
            <span className={classes.key}>
              <code>{created.key}</code>
              <CopyButton value={created.key} label="Copy the key" />
            </span>
          </Alert>
        ) : null}
        <Form method="post" noValidate className={classes.inline} key={formKey}>
          <TextInput
            name="name"
            label="Name"
            description="Who or what will use it"
            autoComplete="off"
            maxLength={80}
            required
            withAsterisk={false}
            error={fieldError(answer, "name")}
          />
          <Button type="submit" name="intent" value="create-api-key">
            Make key
          </Button>
        </Form>
      </Section>
      <Section title="Keys">
        <DataTable
          label="API keys"
          columns={columns}
          rows={keys}
          rowId={(key) => key.id}
          empty={
            <EmptyState kind="yet" title="No API key yet">
              Scripts that call the machine API need one. Make it above, then send it as "Authorization:
              Bearer KEY".
            </EmptyState>
          }
        />
      </Section>
    </>
  );
}

const columns: Column<ApiKey>[] = [
  {
    id: "name",
    header: "Name",
    cell: (key) => (key.revokedAt ? <s>{key.name}</s> : key.name),
    phone: "title",
  },
  { id: "prefix", header: "Key", cell: (key) => `${key.prefix}…`, mono: true, width: 110 },
  { id: "createdBy", header: "Made by", cell: (key) => key.createdBy ?? "–", wideOnly: true },
  { id: "created", header: "Made", cell: (key) => <Ago at={key.createdAt} />, width: 130 },
  {
    id: "used",
    header: "Last used",
    cell: (key) => (key.lastUsedAt ? <Ago at={key.lastUsedAt} /> : "never"),
    width: 130,
  },
  {
    id: "revoke",
    header: "Revoke",
    width: 150,
    align: "right",
    phone: "aside",
    cell: (key) =>
      key.revokedAt ? (
        <>
          revoked <Ago at={key.revokedAt} />
        </>
      ) : (
        <ConfirmButton
          fields={{ intent: "revoke-api-key", key: key.id }}
          title={`Revoke "${key.name}"?`}
          text="Whatever uses this key is refused from now on. This cannot be undone."
          confirmLabel="Revoke 1 key"
          confirmTone="danger"
          tone="quiet"
        >
          Revoke
        </ConfirmButton>
      ),
  },
];
