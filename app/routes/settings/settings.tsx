import { type ActionFunctionArgs, type LoaderFunctionArgs, useActionData, useLoaderData } from "react-router";
import { listApiKeys } from "#app/accounts/api-keys.server.ts";
import { listOperators } from "#app/accounts/operators.server.ts";
import { listSessions } from "#app/accounts/sessions.server.ts";
import { appContext } from "#app/context.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { fieldOf, readForm } from "#app/middleware/read-form.server.ts";
import { requireOperator } from "#app/middleware/request-context.server.ts";
import { AccountSettings } from "#app/routes/settings/account.tsx";
import { runSettingsAction } from "#app/routes/settings/actions.server.ts";
import { ApiKeySettings } from "#app/routes/settings/api-keys.tsx";
import { OperatorSettings } from "#app/routes/settings/operators.tsx";
import { settingsTabs } from "#app/routes/settings/settings-tabs.ts";
import { Page } from "#app/ui/page.tsx";

export const loader = door(async ({ url, context }: LoaderFunctionArgs) => {
  const { db } = appContext();
  const operator = requireOperator(context);
  const tab = url.searchParams.get("tab");
  if (tab === "api-keys") return { tab, keys: await listApiKeys(db) } as const;
  if (tab === "operators") return { tab, self: operator.id, operators: await listOperators(db) } as const;
  return {
    tab: "account",
    email: operator.email,
    current: operator.sessionId,
    sessions: await listSessions(db, operator.id),
  } as const;
});

export const action = actionDoor(async ({ request, context }: ActionFunctionArgs) => {
  const { form } = await readForm(request);
  return runSettingsAction(fieldOf(form, "intent"), form, context);
});

export default function Settings() {
  const shown = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <Page title="Settings" tabs={settingsTabs(shown.tab)}>
      {shown.tab === "account" ? <AccountSettings {...shown} answer={answer} /> : null}
      {shown.tab === "api-keys" ? <ApiKeySettings {...shown} answer={answer} /> : null}
      {shown.tab === "operators" ? <OperatorSettings {...shown} answer={answer} /> : null}
    </Page>
  );
}
