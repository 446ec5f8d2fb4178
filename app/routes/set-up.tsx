import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { type ActionFunctionArgs, Form, redirect, useActionData, useNavigation } from "react-router";
import { addressGroup } from "#app/accounts/client-address.server.ts";
import { createFirstOperator, hasOperators } from "#app/accounts/operators.server.ts";
import { ADVISED_PASSWORD_LENGTH, SHORTEST_PASSWORD } from "#app/accounts/password-rules.ts";
import { requireAllowance } from "#app/accounts/request-limit.server.ts";
import { sessionCookieHeader } from "#app/accounts/session-of-request.server.ts";
import { startSession } from "#app/accounts/start-session.server.ts";
import { appContext } from "#app/context.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { fieldError, formError } from "#app/middleware/error-body.ts";
import { fieldOf, readForm } from "#app/middleware/read-form.server.ts";
import { clientAddressContext, requestIdContext } from "#app/middleware/request-context.server.ts";
import { Entrance } from "#app/ui/entrance.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";

export const loader = door(async () => {
  if (await hasOperators(appContext().db)) throw redirect("/sign-in");
  return null;
});

export const action = actionDoor(async ({ request, context }: ActionFunctionArgs) => {
  const { db } = appContext();
  // Asked first: once there is an operator, this page costs nobody a password hash.
  if (await hasOperators(db)) throw redirect("/sign-in");
  const requestId = context.get(requestIdContext);
  const { form } = await readForm(request);
  const address = addressGroup(context.get(clientAddressContext));
  await requireAllowance(db, `set-up:${address}`, { requests: 20, perMs: 600_000 }, "Too many attempts.");
  const typed = { email: fieldOf(form, "email"), password: fieldOf(form, "password") };
  const operator = await createFirstOperator(db, typed, { requestId });
  const token = await startSession(db, operator, request, requestId);
  throw redirect("/", { headers: { "set-cookie": sessionCookieHeader(request, token) } });
});

export default function SetUp() {
  const answer = useActionData<typeof action>();
  const sending = useNavigation().formMethod === "POST";
  const refused = sending ? undefined : formError(answer);
  return (
    <Entrance
      title="Set up Reeldesk"
      form={
        <Form method="post" noValidate>
          <Stack>
            {refused ? <ErrorText announce message={refused.message} /> : null}
            <TextInput
              name="email"
              type="email"
              label="E-mail"
              autoComplete="username"
              required
              withAsterisk={false}
              error={fieldError(answer, "email")}
            />
            <PasswordInput
              name="password"
              label="Password"
              description={`At least ${SHORTEST_PASSWORD} characters; ${ADVISED_PASSWORD_LENGTH} or more are better`}
              autoComplete="new-password"
              required
              withAsterisk={false}
              visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
              error={fieldError(answer, "password")}
            />
            <Button type="submit" variant="filled" loading={sending}>
              Create the first operator
            </Button>
          </Stack>
        </Form>
      }
    >
      Nobody can sign in here yet. Create the first operator; others are added later under Settings.
    </Entrance>
  );
}
