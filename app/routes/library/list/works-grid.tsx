import type { ReactNode } from "react";
import { Link } from "react-router";
import { EpisodesSeen } from "#app/routes/library/episodes-seen.tsx";
import classes from "#app/routes/library/list/list.module.css";
import type { ListedWork } from "#app/routes/library/list/load-library.server.ts";
import { kindWords, matchWord } from "#app/routes/library/work-words.ts";
import { Moment } from "#app/ui/moment.tsx";
import { Poster } from "#app/ui/poster.tsx";
import { Status } from "#app/ui/status.tsx";

export interface WorksProps {
  works: readonly ListedWork[];
  empty: ReactNode;
}

/** Works by their posters; each leads to its page. */
export function WorksGrid({ works, empty }: WorksProps) {
  if (works.length === 0) return empty;
  return (
    <ul className={classes.grid} aria-label="Works">
      {works.map((work) => (
        <li key={work.workId} className={classes.card}>
          <Poster title={work.title} src={work.poster} />
          <div className={classes.cardText}>
            <Link className={classes.title} to={`/library/${work.workId}`} title={work.title}>
              {work.title}
            </Link>
            <span className={classes.facts}>
              {work.year === null ? null : <span>{work.year}</span>}
              <span>{kindWords[work.mediaType]}</span>
            </span>
            <EpisodesSeen work={work} />
            {work.lastViewedOn === null ? null : (
              <span className={classes.facts}>
                <span>
                  seen <Moment at={work.lastViewedOn} day />
                </span>
              </span>
            )}
            {work.tmdbId === null ? <Status status="review" label={matchWord(work)} /> : null}
          </div>
        </li>
      ))}
    </ul>
  );
}
