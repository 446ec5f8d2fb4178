import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import { failedJobsText } from "#app/routes/queue/failures/failed-jobs-text.ts";
import classes from "#app/routes/queue/failures/failures.module.css";
import { IgnoreButton } from "#app/routes/queue/failures/ignore-button.tsx";
import type { FailureGroupView } from "#app/routes/queue/failures/load-failures.server.ts";
import { RetryGroupButton } from "#app/routes/queue/failures/retry-group-button.tsx";
import { Ago } from "#app/ui/ago.tsx";
import type { Column } from "#app/ui/data-table.tsx";
import { formatCount } from "#app/ui/format.ts";
import { PostButton } from "#app/ui/post-button.tsx";
import { TrendStrip } from "#app/ui/trend-strip.tsx";

/** Where the failed jobs of a group are listed. */
export const groupJobsHref = (fingerprint: string): string =>
  `/queue?state=failed&q=${encodeURIComponent(`fingerprint:${fingerprint}`)}`;

/** None for certain. */
const hasNoFailedJob = ({ failedJobs, hasMoreFailedJobs }: FailureGroupView) =>
  failedJobs === 0 && !hasMoreFailedJobs;

/** The message, and under it of what task and with which code. */
function Cause({ group }: { group: FailureGroupView }) {
  const { sampleMessage, task, errorCode, errorClass } = group;
  return (
    <span className={classes.cause}>
      <span title={sampleMessage}>{sampleMessage}</span>
      <code>
        {task} · {errorCode ?? errorClass ?? "no code"}
      </code>
    </span>
  );
}

const shared: Column<FailureGroupView>[] = [
  { id: "group", header: "Last message", cell: (group) => <Cause group={group} />, phone: "title" },
  {
    id: "trend",
    header: "Last 24 hours",
    cell: ({ trend }) => <TrendStrip label="Failures per hour, last 24 hours" values={trend} />,
    width: 120,
    phone: "hidden",
  },
  {
    id: "failures",
    header: "Failures",
    cell: ({ failures }) => formatCount(failures),
    width: 84,
    align: "right",
    phoneUnit: "failures",
  },
  { id: "seen", header: "Last seen", cell: ({ lastSeenAt }) => <Ago at={lastSeenAt} />, width: 100 },
];

export const openColumns: Column<FailureGroupView>[] = [
  ...shared,
  {
    id: "waiting",
    header: "Failed jobs",
    cell: (group) =>
      hasNoFailedJob(group) ? (
        failedJobsText(group)
      ) : (
        <Anchor component={Link} to={groupJobsHref(group.fingerprint)}>
          {failedJobsText(group)}
        </Anchor>
      ),
    width: 100,
    align: "right",
    phone: "aside",
    phoneUnit: "failed",
  },
  {
    id: "actions",
    header: "Actions",
    cell: (group) => (
      <span className={classes.actions}>
        {hasNoFailedJob(group) ? null : <RetryGroupButton group={group} />}
        <IgnoreButton fingerprint={group.fingerprint} tone="quiet" />
      </span>
    ),
    width: 180,
    align: "right",
  },
];

export const ignoredColumns: Column<FailureGroupView>[] = [
  ...shared,
  { id: "reason", header: "Why", cell: ({ ignoredReason }) => ignoredReason, width: 200 },
  { id: "by", header: "Ignored by", cell: ({ ignoredBy }) => ignoredBy, width: 150, wideOnly: true },
  {
    id: "until",
    header: "Until",
    cell: ({ ignoredUntil }) => <Ago at={ignoredUntil} />,
    width: 100,
    phone: "aside",
  },
  {
    id: "actions",
    header: "Actions",
    cell: ({ fingerprint }) => (
      <PostButton fields={{ intent: "unignore", fingerprint }}>Watch again</PostButton>
    ),
    width: 130,
    align: "right",
  },
];
