import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import type { JobPageData } from "#app/routes/queue/job/load-job.server.ts";
import { Facts } from "#app/ui/facts.tsx";
import { Moment } from "#app/ui/moment.tsx";
import { Section } from "#app/ui/page.tsx";
import { Status } from "#app/ui/status.tsx";

/** What is known of a job beside its life. */
export function JobFacts({ job, subject }: Pick<JobPageData, "job" | "subject">) {
  return (
    <Section title="Facts">
      <Facts
        facts={[
          { label: "State", value: <Status status={job.fate} /> },
          { label: "Attempt", value: `${job.attempts} of ${job.maxAttempts}` },
          {
            label: "Task",
            value: (
              <Anchor component={Link} to={`/queue?q=task:${job.task}`}>
                <code>{job.task}</code>
              </Anchor>
            ),
          },
          job.importJobId === null
            ? null
            : {
                label: "Import",
                value: (
                  <Anchor component={Link} to={`/imports/${job.importJobId}`}>
                    {subject.importName ?? job.importJobId}
                  </Anchor>
                ),
              },
          job.workId === null
            ? null
            : {
                label: "Work",
                value: (
                  <Anchor component={Link} to={`/library/${job.workId}`}>
                    {subject.workTitle ?? job.workId}
                  </Anchor>
                ),
              },
          job.workerId === null
            ? null
            : {
                label: "Worker",
                value: (
                  <Anchor component={Link} to={`/queue?state=completed&q=worker:${job.workerId}`}>
                    <code>{job.workerId}</code>
                  </Anchor>
                ),
              },
          { label: "Priority", value: job.priority },
          { label: "Key", value: job.key === null ? null : <code>{job.key}</code> },
          { label: "Flags", value: job.flags.length === 0 ? null : <code>{job.flags.join(" ")}</code> },
          { label: "Enqueued", value: <Moment at={job.createdAt} /> },
          { label: "Due", value: <Moment at={job.runAt} /> },
        ]}
      />
    </Section>
  );
}
