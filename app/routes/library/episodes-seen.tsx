import classes from "#app/routes/library/episodes-seen.module.css";
import { ProgressBar } from "#app/ui/progress-bar.tsx";

export interface EpisodesSeenProps {
  work: {
    title: string;
    watchedEpisodes: number;
    totalEpisodes: number | null;
    episodeDisplay: string | null;
  };
  /** It stands in a column with others. */
  inColumn?: boolean;
}

/** "45/276 episodes" with its bar; without a bar where the total is not known; nothing for films (S-04). */
export function EpisodesSeen({ work, inColumn = false }: EpisodesSeenProps) {
  if (work.episodeDisplay === null) return null;
  return (
    <span className={classes.root} data-column={inColumn || undefined}>
      <span className={classes.text}>{work.episodeDisplay}</span>
      {work.totalEpisodes ? (
        <span className={classes.bar}>
          <ProgressBar
            label={`Episodes of ${work.title} seen`}
            value={work.watchedEpisodes}
            total={work.totalEpisodes}
            tone="neutral"
          >
            {null}
          </ProgressBar>
        </span>
      ) : null}
    </span>
  );
}
