import type { WorkPageWork } from "#app/routes/library/work/load-work.server.ts";
import classes from "#app/routes/library/work/work.module.css";
import { Ago } from "#app/ui/ago.tsx";
import { Count } from "#app/ui/count.tsx";
import { Facts } from "#app/ui/facts.tsx";
import { Section } from "#app/ui/page.tsx";

/** What each source says, on the source's own scale. Left out where none says anything. */
export function Ratings({ work }: { work: WorkPageWork }) {
  if (work.ratings.length === 0) return null;
  return (
    <Section title="Ratings">
      <Facts
        facts={work.ratings.map(({ source, value, scale, votes, lastSeenAt }) => ({
          label: source,
          value: (
            <span className={classes.rating}>
              <span className="numbers">{onScale(value, scale)}</span>
              {votes === null ? null : (
                <span className={classes.dimmed}>
                  <Count value={votes} of="vote" />
                </span>
              )}
              <span className={classes.dimmed}>
                <Ago at={lastSeenAt} />
              </span>
            </span>
          ),
        }))}
      />
    </Section>
  );
}

/** "8.7 of 10"; a percentage is its own scale. */
function onScale(value: string, scale: string): string {
  const top = scale.split("-").at(-1);
  return value.endsWith("%") || !top ? value : `${value} of ${top}`;
}
