import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useNavigation,
} from "react-router";
import { safeNextPath } from "#app/accounts/next-path.ts";
import { hasOperators } from "#app/accounts/operators.server.ts";
import { sessionCookieHeader, sessionTokenOf } from "#app/accounts/session-of-request.server.ts";
import { endSession } from "#app/accounts/sessions.server.ts";
import { createAuthenticator } from "#app/accounts/sign-in.server.ts";
import { startSession } from "#app/accounts/start-session.server.ts";
import { appContext } from "#app/context.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { fieldError, formError } from "#app/middleware/error-body.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { operatorContext, requestIdContext } from "#app/middleware/request-context.server.ts";
import { Entrance } from "#app/ui/entrance.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";

export const loader = door(async ({ url, context }: LoaderFunctionArgs) => {
  if (context.get(operatorContext)) throw redirect(safeNextPath(url.searchParams.get("next")));
  if (!(await hasOperators(appContext().db))) throw redirect("/set-up");
  return null;
});

export const action = actionDoor(async ({ request, url, context }: ActionFunctionArgs) => {
  const { db } = appContext();
  const { replay } = await readForm(request);
  const operator = await createAuthenticator(db).authenticate("form", replay);
  const previous = sessionTokenOf(request);
  if (previous) await endSession(db, previous);
  const token = await startSession(db, operator, request, context.get(requestIdContext));
  throw redirect(safeNextPath(url.searchParams.get("next")), {
    headers: { "set-cookie": sessionCookieHeader(request, token) },
  });
});

export default function SignIn() {
  const answer = useActionData<typeof action>();
  const sending = useNavigation().formMethod === "POST";
  const refused = sending ? undefined : formError(answer);
  return (
    <Entrance
      title="Sign in"
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
              autoComplete="current-password"
              required
              withAsterisk={false}
              visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
              error={fieldError(answer, "password")}
            />
            <Button type="submit" variant="filled" loading={sending}>
              Sign in
            </Button>
          </Stack>
        </Form>
      }
    >
      For operators. Locked out? On the machine itself, run <code>npm run operators -- add EMAIL</code>.
    </Entrance>
  );
}
