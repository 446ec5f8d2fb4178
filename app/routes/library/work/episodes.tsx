import { type EpisodeRun, episodesOf, runsLength, runWords } from "#app/routes/library/work/episode-runs.ts";
import type { SeasonView, WorkPageWork } from "#app/routes/library/work/load-work.server.ts";
import classes from "#app/routes/library/work/work.module.css";
import { formatCount } from "#app/ui/format.ts";
import { Moment } from "#app/ui/moment.tsx";
import { Section } from "#app/ui/page.tsx";
import { ProgressBar } from "#app/ui/progress-bar.tsx";

/** Seasons longer than this are told in words: their cells would be a wall. */
const MOST_CELLS = 60;

/** How much of a series was seen: in all, and season by season with its gaps. Specials stand apart and do not count. */
export function Episodes({ work }: { work: WorkPageWork }) {
  const counted = work.seasons.filter(({ seasonNumber }) => seasonNumber !== 0);
  const specials = work.seasons.filter(({ seasonNumber }) => seasonNumber === 0);
  return (
    <Section title="Episodes">
      {work.totalEpisodes ? (
        <ProgressBar
          label={`Episodes of ${work.title} seen`}
          value={work.watchedEpisodes}
          total={work.totalEpisodes}
          tone="neutral"
        >
          {work.episodeDisplay}
        </ProgressBar>
      ) : (
        <p className={classes.note}>
          <span className={classes.strong}>{work.episodeDisplay}.</span>{" "}
          {work.totalsNote ?? "How many there are is not known yet: it has not been looked up."}
        </p>
      )}
      {counted.length > 0 ? <Seasons seasons={counted} label="Seasons" /> : null}
      {specials.length > 0 ? <Seasons seasons={specials} label="Specials, not counted" /> : null}
    </Section>
  );
}

function Seasons({ seasons, label }: { seasons: readonly SeasonView[]; label: string }) {
  return (
    <ul className={classes.seasons} aria-label={label}>
      {seasons.map((season) => (
        <Season key={season.seasonNumber ?? "none"} season={season} />
      ))}
    </ul>
  );
}

function Season({ season }: { season: SeasonView }) {
  const { watched, episodeCount, runs, titles, startedOn } = season;
  return (
    <li className={classes.season}>
      <span className={classes.seasonName}>
        {seasonName(season)}
        {season.seasonNumber === 0 ? <span className={classes.aside}>not counted</span> : null}
      </span>
      <span className={classes.seasonCount}>
        {formatCount(watched)}
        {episodeCount === null ? null : `/${formatCount(episodeCount)}`}
      </span>
      <div className={classes.seasonEpisodes}>
        {runs.length === 0 ? null : runsLength(runs) > MOST_CELLS ? (
          <RunWords runs={runs} />
        ) : (
          <Cells runs={runs} />
        )}
        {titles.length > 0 ? <TitlesAlone titles={titles} /> : null}
        {watched === 0 && startedOn ? (
          <p className={classes.note}>
            Begun on <Moment at={startedOn} day />; the file names no episode.
          </p>
        ) : null}
      </div>
    </li>
  );
}

function seasonName({ seasonNumber, name }: SeasonView): string {
  if (seasonNumber === null) return "No season";
  if (seasonNumber === 0) return "Specials";
  const plain = `Season ${seasonNumber}`;
  return name === null || name.toLowerCase() === plain.toLowerCase() ? plain : `${seasonNumber} · ${name}`;
}

/** One cell an episode: filled when seen, dashed when not. The sentence beside it is for those who cannot see them. */
function Cells({ runs }: { runs: readonly EpisodeRun[] }) {
  return (
    <>
      <p className="visually-hidden">{runSentence(runs)}</p>
      <ol className={classes.cells} aria-hidden>
        {runs.flatMap((run) =>
          episodesOf(run).map((number) => (
            <li
              key={number}
              className={classes.cell}
              data-seen={run.seen || undefined}
              title={`Episode ${number}: ${run.seen ? "seen" : "not seen"}`}
            >
              {number}
            </li>
          )),
        )}
      </ol>
    </>
  );
}

function RunWords({ runs }: { runs: readonly EpisodeRun[] }) {
  return <p className={classes.note}>{runSentence(runs)}</p>;
}

function runSentence(runs: readonly EpisodeRun[]): string {
  const seen = runWords(runs, true);
  const missing = runWords(runs, false);
  return [seen && `Seen: ${seen}.`, missing && `Not seen: ${missing}.`].filter(Boolean).join(" ");
}

/** Episodes that the file names by title: which of the numbers they are is not known. */
function TitlesAlone({ titles }: { titles: readonly string[] }) {
  return (
    <p className={classes.note}>
      <span className={classes.dimmed}>Known by title: </span>
      {titles.join(" · ")}
    </p>
  );
}
