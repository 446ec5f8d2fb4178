import classes from "#app/routes/library/work/extras.module.css";
import type { ExtrasView } from "#app/routes/library/work/extras-view.ts";
import { Ago } from "#app/ui/ago.tsx";
import { Facts } from "#app/ui/facts.tsx";
import { formatCount } from "#app/ui/format.ts";
import { Section } from "#app/ui/page.tsx";

type Field = ExtrasView["changes"][number]["fields"][number];

const WORDS: Record<Field["field"], string> = {
  title: "Title",
  original_title: "Original title",
  original_language: "Language",
  release_date: "Release",
  imdb_id: "IMDb",
  runtime_minutes: "Runtime",
  tagline: "Tagline",
  overview: "Overview",
  certification: "Certification",
  poster: "Poster",
  backdrop: "Backdrop",
  budget: "Budget",
  revenue_worldwide: "Revenue",
  rating: "Rating",
  genres: "Genres",
  cast: "Cast",
  crew: "Crew",
  trailers: "Videos",
  keywords: "Keywords",
  production_companies: "Companies",
  production_countries: "Countries",
  streaming: "Where to watch",
};

/** What the last refreshes changed, field by field. */
export function Changes({ changes }: Pick<ExtrasView, "changes">) {
  if (changes.length === 0) return null;
  return (
    <Section title="Changes">
      <ol className={classes.changes}>
        {changes.map(({ id, at, fields }) => (
          <li key={id}>
            <span className={classes.dimmed}>
              <Ago at={at} />
            </span>
            <Facts
              facts={fields.map((field) => ({ label: WORDS[field.field], value: <Diff field={field} /> }))}
            />
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** `136 → 137`; of lists, what came and what went. */
function Diff({ field: { before, after } }: { field: Field }) {
  if (Array.isArray(before) || Array.isArray(after))
    return [
      Array.isArray(after) && after.length > 0 ? `added ${after.join(", ")}` : null,
      Array.isArray(before) && before.length > 0 ? `removed ${before.join(", ")}` : null,
    ]
      .filter(Boolean)
      .join("; ");
  return (
    <>
      {shown(before)} <span className={classes.dimmed}>→</span> {shown(after)}
    </>
  );
}

const shown = (value: string | number | null) =>
  value === null ? "nothing" : typeof value === "number" ? formatCount(value) : value;
