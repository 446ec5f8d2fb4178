import classes from "#app/routes/library/work/pictures.module.css";
import type { PicturesView } from "#app/routes/library/work/pictures-view.ts";
import { Section } from "#app/ui/page.tsx";

/** Stills and trailers of a work, as small pictures. Left out where there are none that a page may show. */
export function Pictures({ title, pictures }: { title: string; pictures: PicturesView }) {
  const { stills, trailers, note } = pictures;
  if (stills.length === 0 && trailers.length === 0 && note === null) return null;
  return (
    <Section title="Pictures" aside={note ? <span className={classes.note}>{note}</span> : null}>
      {stills.length > 0 || trailers.length > 0 ? (
        <ul className={classes.pictures} aria-label="Stills and trailers">
          {trailers.map(({ src, name, url }) => (
            <li key={url}>
              <a href={url} target="_blank" rel="noopener noreferrer" className={classes.trailer}>
                <img className={classes.image} src={src} alt="" loading="lazy" decoding="async" />
                <span className={classes.name}>{name}</span>
              </a>
            </li>
          ))}
          {stills.map((src, at) => (
            <li key={src}>
              <img
                className={classes.image}
                src={src}
                alt={`Still ${at + 1} of ${title}`}
                loading="lazy"
                decoding="async"
              />
            </li>
          ))}
        </ul>
      ) : null}
    </Section>
  );
}
