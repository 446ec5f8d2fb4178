import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import classes from "#app/routes/library/work/extras.module.css";
import type { ExtrasView } from "#app/routes/library/work/extras-view.ts";
import { Section } from "#app/ui/page.tsx";

/** What TMDB calls similar, in its order: links into the library where the film stands there, else to TMDB. */
export function SimilarFilms({ similar }: Pick<ExtrasView, "similar">) {
  if (similar.length === 0) return null;
  return (
    <Section title="Similar films">
      <ol className={classes.columns}>
        {similar.map(({ tmdbId, title, year, workId }) => (
          <li key={tmdbId}>
            {workId === null ? (
              <Anchor
                inherit
                c="inherit"
                href={`https://www.themoviedb.org/movie/${tmdbId}`}
                target="_blank"
                rel="noopener noreferrer"
              >
                {title}
              </Anchor>
            ) : (
              <Anchor inherit component={Link} to={`/library/${workId}`}>
                {title}
              </Anchor>
            )}
            <span className={classes.dimmed}>
              {[year, workId === null ? "not in the library" : null].filter(Boolean).join(" · ")}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
