import { Button, PasswordInput, Stack } from "@mantine/core";
import { Form } from "react-router";
import { ADVISED_PASSWORD_LENGTH, SHORTEST_PASSWORD } from "#app/accounts/password-rules.ts";
import type { Session } from "#app/accounts/sessions.server.ts";
import { describeUserAgent } from "#app/accounts/user-agent.ts";
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

export interface AccountSettingsProps {
  email: string;
  sessions: Session[];
  /** The id of the session that this page is looked at with. */
  current: string;
  answer: Answer;
}

/** One's own password and sessions. */
export function AccountSettings({ email, sessions, current, answer }: AccountSettingsProps) {
  const others = sessions.filter((session) => session.id !== current).length;
  return (
    <>
      <Section title="Password">
        <PasswordForm email={email} answer={answer} />
      </Section>
      <Section
        title="Sessions"
        aside={
          <ConfirmButton
            fields={{ intent: "revoke-other-sessions" }}
            title={others === 1 ? "End 1 other session?" : `End ${others} other sessions?`}
            text="Whoever uses them is asked to sign in again. This browser stays signed in."
            confirmLabel={others === 1 ? "End 1 session" : `End ${others} sessions`}
            disabledReason={others === 0 ? "There is no other session" : null}
          >
            End all others
          </ConfirmButton>
        }
      >
        <DataTable
          label="Your sessions"
          columns={columns}
          rows={sessions.map((session) => ({ ...session, isCurrent: session.id === current }))}
          rowId={(session) => session.id}
          empty={<EmptyState kind="clear" title="No session" />}
        />
      </Section>
    </>
  );
}

function PasswordForm({ email, answer }: { email: string; answer: Answer }) {
  const refused = formError(answer);
  const done = doneAnswer(answer, "change-password");
  const formKey = useFormKey(done);
  return (
    <Form method="post" noValidate className={classes.form} key={formKey}>
      <input type="hidden" name="intent" value="change-password" />
      {/* Password managers file the new password under it. */}
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <Stack>
        {refused ? <ErrorText announce message={refused.message} /> : null}
        {done ? <p role="status">{done.message}</p> : null}
        <PasswordInput
          name="current"
          label="Current password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ "aria-label": "Show the current password" }}
          error={fieldError(answer, "current")}
        />
        <PasswordInput
          name="next"
          label="New password"
          description={`At least ${SHORTEST_PASSWORD} characters; ${ADVISED_PASSWORD_LENGTH} or more are better. Your other sessions end.`}
          autoComplete="new-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ "aria-label": "Show the new password" }}
          error={fieldError(answer, "next")}
        />
        <div>
          <Button type="submit">Change password</Button>
        </div>
      </Stack>
    </Form>
  );
}

const columns: Column<Session & { isCurrent: boolean }>[] = [
  {
    id: "browser",
    header: "Browser",
    cell: (session) => describeUserAgent(session.userAgent),
    phone: "title",
  },
  {
    id: "address",
    header: "Address",
    cell: (session) => session.clientAddress ?? "–",
    mono: true,
    width: 200,
  },
  { id: "started", header: "Started", cell: (session) => <Ago at={session.createdAt} />, width: 130 },
  { id: "used", header: "Last used", cell: (session) => <Ago at={session.lastSeenAt} />, width: 130 },
  {
    id: "ends",
    header: "Ends",
    cell: (session) => <Ago at={session.expiresAt} />,
    width: 130,
    wideOnly: true,
  },
  {
    id: "end",
    header: "End",
    width: 140,
    align: "right",
    phone: "aside",
    cell: (session) =>
      session.isCurrent ? (
        "this browser"
      ) : (
        <PostButton fields={{ intent: "revoke-session", session: session.id }} tone="quiet">
          End session
        </PostButton>
      ),
  },
];
