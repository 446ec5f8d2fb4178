import { Anchor } from "@mantine/core";
import classes from "#app/routes/imports/show/show.module.css";

export interface TitleLinksProps {
  mediaType: "movie" | "tv" | null;
  tmdbId: number | null;
  imdbId?: string | null;
}

/** Where a title can be looked at: at TMDB, at IMDb. */
export function TitleLinks({ mediaType, tmdbId, imdbId = null }: TitleLinksProps) {
  return (
    <span className={classes.titleLinks}>
      {tmdbId !== null && mediaType !== null ? (
        <Anchor
          href={`https://www.themoviedb.org/${mediaType}/${tmdbId}`}
          target="_blank"
          rel="noopener noreferrer"
        >
          TMDB {tmdbId}
        </Anchor>
      ) : null}
      {imdbId !== null && /^tt\d+$/.test(imdbId) ? (
        <Anchor href={`https://www.imdb.com/title/${imdbId}/`} target="_blank" rel="noopener noreferrer">
          IMDb {imdbId}
        </Anchor>
      ) : null}
    </span>
  );
}
