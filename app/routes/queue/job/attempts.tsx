import { Anchor } from "@mantine/core";
import { Link, useLocation } from "react-router";
import type { JobAttempt } from "#app/queue/console/find-job.server.ts";
import classes from "#app/routes/queue/job/job.module.css";
import type { JobPageData } from "#app/routes/queue/job/load-job.server.ts";
import { stackFrames } from "#app/routes/queue/job/stack-frames.ts";
import { Ago } from "#app/ui/ago.tsx";
import { Duration } from "#app/ui/duration.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";
import { Section } from "#app/ui/page.tsx";
import { withSearch } from "#app/ui/search-params.ts";
import { Status } from "#app/ui/status.tsx";

/** The attempts of a job, newest first or oldest first. */
export function Attempts({ job }: Pick<JobPageData, "job">) {
  const { search } = useLocation();
  const isOldestFirst = new URLSearchParams(search).get("attempts") === "oldest";
  const attempts = isOldestFirst ? job.attemptsMade.toReversed() : job.attemptsMade;
  return (
    <Section
      title="Attempts"
      aside={
        attempts.length > 1 ? (
          <Anchor
            component={Link}
            to={withSearch(search, { attempts: isOldestFirst ? null : "oldest" })}
            preventScrollReset
          >
            {isOldestFirst ? "Newest first" : "Oldest first"}
          </Anchor>
        ) : null
      }
    >
      {attempts.length === 0 ? (
        <EmptyState kind="yet" title="No attempt has ended yet" />
      ) : (
        <ol className={classes.attempts}>
          {attempts.map((attempt) => (
            <Attempt key={attempt.id} attempt={attempt} />
          ))}
        </ol>
      )}
    </Section>
  );
}

function Attempt({ attempt }: { attempt: JobAttempt }) {
  return (
    <li className={classes.attempt}>
      <div className={classes.attemptLine}>
        <Status status={attempt.outcome} />
        <span>
          attempt {attempt.attempt} of {attempt.maxAttempts}
        </span>
        <span className={classes.attemptFact}>
          ended <Ago at={attempt.finishedAt} />
        </span>
        {attempt.outcome === "discarded" ? null : (
          <>
            <span className={classes.attemptFact}>
              waited <Duration from={attempt.runAt} to={attempt.startedAt} />
            </span>
            <span className={classes.attemptFact}>
              ran <Duration from={attempt.startedAt} to={attempt.finishedAt} />
            </span>
          </>
        )}
        {attempt.workerId === null ? null : <code className={classes.attemptFact}>{attempt.workerId}</code>}
      </div>
      {attempt.errorMessage === null ? null : (
        <ErrorText message={attempt.errorMessage} code={attempt.errorCode ?? attempt.errorClass}>
          {attempt.fingerprint === null ? null : (
            <Anchor component={Link} to={`/queue?state=failed&q=fingerprint:${attempt.fingerprint}`}>
              others like it
            </Anchor>
          )}
        </ErrorText>
      )}
      {attempt.errorStack === null ? null : <Stack stack={attempt.errorStack} />}
    </li>
  );
}

/** Where it happened in our own code; everything on request. */
function Stack({ stack }: { stack: string }) {
  const { own, all } = stackFrames(stack);
  if (all.length === 0) return null;
  return (
    <>
      {own.length > 0 ? <pre className={classes.stack}>{own.join("\n")}</pre> : null}
      {own.length < all.length ? (
        <details className={classes.frames}>
          <summary>All {all.length} frames</summary>
          <pre className={classes.stack}>{all.join("\n")}</pre>
        </details>
      ) : null}
    </>
  );
}
