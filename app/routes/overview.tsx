import { Anchor } from "@mantine/core";
import { type ActionFunctionArgs, Link, useLoaderData } from "react-router";
import { z } from "zod";
import { appContext } from "#app/context.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { unknownForm } from "#app/middleware/unknown-form.ts";
import { Budgets } from "#app/routes/overview/budgets.tsx";
import { loadOverview, type OverviewData } from "#app/routes/overview/load-overview.server.ts";
import { NeedsYou } from "#app/routes/overview/needs-you.tsx";
import { NextSchedules } from "#app/routes/overview/next-schedules.tsx";
import classes from "#app/routes/overview/overview.module.css";
import { RecentImports, RecentRuns, Running } from "#app/routes/overview/recent.tsx";
import { resumeUpstream } from "#app/routes/upstreams/resume-upstream.server.ts";
import { BarChart, type BarSeries } from "#app/ui/bar-chart.tsx";
import { formatQuantity } from "#app/ui/format.ts";
import { LinkButton } from "#app/ui/link-button.tsx";
import { useLive } from "#app/ui/live.tsx";
import { Page, Section } from "#app/ui/page.tsx";
import { SERVICES } from "#app/upstreams/services.ts";

export const loader = door(() => loadOverview(appContext()));

const resume = z.object({ intent: z.literal("resume-upstream"), service: z.enum(SERVICES) });

export const action = actionDoor(async ({ request, context }: ActionFunctionArgs) => {
  const { db } = appContext();
  const actor = requireActor(context);
  const { form } = await readForm(request);
  const asked = resume.safeParse(Object.fromEntries(form));
  if (!asked.success) throw unknownForm();
  const requestId = context.get(requestIdContext);
  return { message: await resumeUpstream({ db, actor, requestId }, asked.data.service) };
});

export default function Overview() {
  const shown = useLoaderData<typeof loader>();
  useLive("/live?topic=overview");
  const { attention } = shown;
  return (
    <Page
      title="Overview"
      state={attention.length > 0 ? `${attention.length}` : null}
      meta={[<WorkersFact key="workers" workers={shown.workers} />]}
      actions={
        <LinkButton to="/imports/new" tone="primary">
          New import
        </LinkButton>
      }
    >
      <Section title="Needs you">
        <NeedsYou attention={attention} checkedAt={shown.checkedAt} />
      </Section>
      <Section title="Running">
        <Running running={shown.running} hasMore={shown.hasMoreRunning} isWorkerAlive={shown.isWorkerAlive} />
      </Section>
      <Section title="Budgets">
        <Budgets budgets={shown.budgets} />
      </Section>
      <div className={classes.columns} data-wide-first>
        <Section title="Last 24 hours">
          <BarChart
            label="Runs per hour, last 24 hours"
            series={CHART_SERIES}
            buckets={shown.hours}
            empty="Nothing ran in the last 24 hours"
          />
        </Section>
        <Section title="Next">
          <NextSchedules next={shown.next} />
        </Section>
      </div>
      <div className={classes.columns}>
        <Section title="Recent imports">
          <RecentImports jobs={shown.recent} />
        </Section>
        <Section title="Recent runs">
          <RecentRuns runs={shown.recentRuns} />
        </Section>
      </div>
    </Page>
  );
}

/** Tries that are made again are neither done nor failed. */
const CHART_SERIES: readonly BarSeries[] = [
  { id: "done", label: "done", status: "success" },
  { id: "failed", label: "failed", status: "failed" },
];

function WorkersFact({ workers: { count, busy, slots } }: Pick<OverviewData, "workers">) {
  return (
    <Anchor component={Link} to="/queue/workers">
      {count === 0
        ? "No worker"
        : `${formatQuantity(count, "worker")}, ${busy} of ${formatQuantity(slots, "slot")} busy`}
    </Anchor>
  );
}
