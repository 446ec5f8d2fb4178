import type { WorkPageWork } from "#app/routes/library/work/load-work.server.ts";
import classes from "#app/routes/library/work/work.module.css";
import { Ago } from "#app/ui/ago.tsx";
import { Count } from "#app/ui/count.tsx";
import { type Fact, Facts } from "#app/ui/facts.tsx";
import { Section } from "#app/ui/page.tsx";

/** What each source says, on the source's own scale. Left out where none says anything. */
export function Ratings({ work }: { work: WorkPageWork }) {
  if (work.ratings.length === 0) return null;
  return (
    <Section title="Ratings">
      <Facts
        facts={[
          scoreFact(work.score),
          ...work.ratings.map(({ source, value, scale, votes, lastSeenAt }) => ({
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
                {shareOf(work.score, source)}
              </span>
            ),
          })),
        ]}
      />
    </Section>
  );
}

/** One score of all sources, from where to where it may lie, and by which formula (docs/score.md). */
function scoreFact(score: WorkPageWork["score"]): Fact | null {
  if (!score) return null;
  const { score: value, low, high, methodVersion } = score;
  return {
    label: "Score",
    value: (
      <span className={classes.rating}>
        <span className="numbers">{`${value.toFixed(1)} of 100`}</span>
        <span className={classes.dimmed}>{`${low.toFixed(1)} to ${high.toFixed(1)}`}</span>
        <span className={classes.dimmed}>
          <Count value={Object.keys(score.sources).length} of="source" />, method {methodVersion}
        </span>
      </span>
    ),
  };
}

function shareOf(score: WorkPageWork["score"], source: string) {
  const share = score?.sources[source]?.share;
  if (share === undefined) return null;
  return <span className={classes.dimmed}>{`counts ${Math.round(share * 100)} %`}</span>;
}

/** "8.7 of 10"; a percentage is its own scale. */
function onScale(value: string, scale: string): string {
  const top = scale.split("-").at(-1);
  return value.endsWith("%") || !top ? value : `${value} of ${top}`;
}
