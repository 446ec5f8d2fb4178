import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import { type ActionFunctionArgs, Link, type LoaderFunctionArgs, useLoaderData } from "react-router";
import { appContext } from "#app/context.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import {
  type ActivePauseView,
  loadPauses,
  type PastPauseView,
  type PausesData,
} from "#app/routes/queue/pauses/load-pauses.server.ts";
import { PauseForm } from "#app/routes/queue/pauses/pause-form.tsx";
import { runPauseForm } from "#app/routes/queue/pauses/pause-forms.server.ts";
import classes from "#app/routes/queue/pauses/pauses.module.css";
import { queueTabs } from "#app/routes/queue/queue-tabs.ts";
import { Ago } from "#app/ui/ago.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { Duration } from "#app/ui/duration.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { formatCount, formatQuantity } from "#app/ui/format.ts";
import { KeysetPager } from "#app/ui/keyset-pager.tsx";
import { useLive } from "#app/ui/live.tsx";
import { NoWorker } from "#app/ui/no-worker.tsx";
import { Page, Section } from "#app/ui/page.tsx";
import { PostButton } from "#app/ui/post-button.tsx";

export const loader = door(({ url }: LoaderFunctionArgs) => loadPauses(appContext(), url.searchParams));

export const action = actionDoor(async ({ request, context }: ActionFunctionArgs) => {
  const { form } = await readForm(request);
  const { db } = appContext();
  return runPauseForm({ db, actor: requireActor(context), requestId: context.get(requestIdContext) }, form);
});

export default function Pauses() {
  const data = useLoaderData<typeof loader>();
  const { active, activeCount, past, circuits, choices, chosen, nextCursor, isFirstPage } = data;
  useLive("/live?topic=console");
  return (
    <Page title="Queue" state={activeCount > 0 ? `${activeCount} paused` : null} tabs={queueTabs("pauses")}>
      {data.isWorkerAlive ? null : <NoWorker />}
      <Section title="Paused">
        <DataTable
          label="What is paused"
          columns={activeColumns}
          rows={active}
          rowId={rowId}
          empty={
            <EmptyState kind="clear" title="Nothing is paused">
              Every job that is due runs as soon as a slot is free.
            </EmptyState>
          }
        />
        {activeCount > active.length ? (
          <p className={classes.note}>
            The newest {formatCount(active.length)} of {formatCount(activeCount)} are shown: resume some to
            see the others.
          </p>
        ) : null}
      </Section>
      {circuits.length > 0 ? (
        <Section title="Upstreams that paused themselves">
          <DataTable
            label="Upstreams that paused themselves"
            columns={circuitColumns}
            rows={circuits}
            rowId={({ service }) => service}
            keyboard={false}
            empty={null}
          />
        </Section>
      ) : null}
      <Section title="Pause">
        <PauseForm choices={choices} chosen={chosen} />
        {data.hasMoreImports ? (
          <p className={classes.note}>
            Only the newest imports are listed: others are paused from their own page.
          </p>
        ) : null}
      </Section>
      <Section title="Past pauses">
        <DataTable
          label="Past pauses"
          columns={pastColumns}
          rows={past}
          rowId={rowId}
          keyboard={false}
          empty={<NoPastPauses isFirstPage={isFirstPage} />}
        />
        <KeysetPager label="Past pauses" next={nextCursor} shown={past.length} />
      </Section>
    </Page>
  );
}

function NoPastPauses({ isFirstPage }: { isFirstPage: boolean }) {
  if (!isFirstPage) return <EmptyState kind="match" title="No pauses on this page" clearTo="?" />;
  return <EmptyState kind="clear" title="Nothing was paused in the last 365 days" />;
}

const rowId = ({ id }: { id: string }) => id;

function Target({ pause }: { pause: ActivePauseView | PastPauseView }): ReactNode {
  const name = pause.kind === "task" ? <code>{pause.what}</code> : pause.what;
  if (pause.to === null) return name;
  return (
    <Anchor component={Link} to={pause.to}>
      {name}
    </Anchor>
  );
}

const target: Column<ActivePauseView> & Column<PastPauseView> = {
  id: "what",
  header: "What",
  cell: (pause) => <Target pause={pause} />,
  width: 190,
  phone: "title",
};

const activeColumns: Column<ActivePauseView>[] = [
  target,
  { id: "kind", header: "Kind", cell: ({ kind }) => kind, width: 80, dimmed: true },
  { id: "reason", header: "Why", cell: ({ reason }) => <span className={classes.reason}>{reason}</span> },
  { id: "by", header: "Paused by", cell: ({ pausedBy }) => pausedBy, width: 160 },
  { id: "since", header: "Since", cell: ({ pausedAt }) => <Ago at={pausedAt} />, width: 110 },
  {
    id: "held",
    header: "Held",
    cell: ({ heldJobs }) => formatQuantity(heldJobs, "job"),
    width: 100,
    align: "right",
  },
  {
    id: "resume",
    header: "Resume",
    cell: ({ id }) => <PostButton fields={{ intent: "resume", pause: id }}>Resume</PostButton>,
    width: 110,
    align: "right",
    phone: "aside",
  },
];

type Circuit = PausesData["circuits"][number];

const circuitColumns: Column<Circuit>[] = [
  { id: "upstream", header: "Upstream", cell: ({ label }) => label, width: 150, phone: "title" },
  { id: "reason", header: "Why", cell: ({ reason }) => reason ?? "It refuses calls." },
  { id: "since", header: "Since", cell: ({ openedAt }) => <Ago at={openedAt} />, width: 110 },
  {
    id: "until",
    header: "Asked again",
    cell: ({ retryAt }) => (retryAt === null ? "when closed by hand" : <Ago at={retryAt} />),
    width: 150,
  },
  {
    id: "close",
    header: "Close",
    cell: ({ service }) => <PostButton fields={{ intent: "close-circuit", service }}>Close</PostButton>,
    width: 100,
    align: "right",
    phone: "aside",
  },
];

const pastColumns: Column<PastPauseView>[] = [
  target,
  { id: "reason", header: "Why", cell: ({ reason }) => <span className={classes.reason}>{reason}</span> },
  { id: "by", header: "Paused by", cell: ({ pausedBy }) => pausedBy, width: 180 },
  {
    id: "resumed",
    header: "Resumed by",
    cell: ({ resumedBy }) => resumedBy ?? "–",
    width: 180,
    wideOnly: true,
  },
  {
    id: "for",
    header: "For",
    cell: ({ pausedAt, resumedAt }) => <Duration from={pausedAt} to={resumedAt} />,
    width: 90,
    align: "right",
  },
  {
    id: "ended",
    header: "Resumed",
    cell: ({ resumedAt }) => <Ago at={resumedAt} />,
    width: 110,
    phone: "aside",
  },
];
