import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type ShouldRevalidateFunctionArgs,
  useLoaderData,
} from "react-router";
import { appContext } from "#app/context.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { CallsOverTime } from "#app/routes/upstreams/calls-over-time.tsx";
import { loadUpstreams } from "#app/routes/upstreams/load-upstreams.server.ts";
import { runUpstreamAction } from "#app/routes/upstreams/upstream-actions.server.ts";
import { UpstreamSection } from "#app/routes/upstreams/upstream-section.tsx";
import { LinkButton } from "#app/ui/link-button.tsx";
import { useLive } from "#app/ui/live.tsx";
import { Page } from "#app/ui/page.tsx";

export const loader = door(({ url }: LoaderFunctionArgs) => loadUpstreams(appContext(), url.searchParams));

export const action = actionDoor(async ({ request, context }: ActionFunctionArgs) => {
  const by = { actor: requireActor(context), requestId: context.get(requestIdContext) };
  const { form } = await readForm(request);
  const { db, config } = appContext();
  return runUpstreamAction(form, { db, config, by });
});

/** A test that failed has been made all the same, and what it found out shows on the page. */
export function shouldRevalidate({ formMethod, defaultShouldRevalidate }: ShouldRevalidateFunctionArgs) {
  return formMethod === "POST" || defaultShouldRevalidate;
}

export default function Upstreams() {
  const data = useLoaderData<typeof loader>();
  useLive("/live?topic=console");
  const stopped = data.upstreams.filter(({ state }) => state.status === "failed").length;
  return (
    <Page
      title="Upstreams"
      state={stopped > 0 ? `${stopped} stopped` : null}
      meta={["The services that Reeldesk asks", "Answers come from the cache where it has them"]}
      actions={<LinkButton to="/upstreams/calls">Call log</LinkButton>}
    >
      {data.upstreams.map((upstream) => (
        <UpstreamSection key={upstream.service} upstream={upstream} />
      ))}
      <CallsOverTime data={data} />
    </Page>
  );
}
