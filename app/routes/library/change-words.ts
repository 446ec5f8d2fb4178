import { formatCount } from "#app/ui/format.ts";
import type { ChangedField, FieldChange } from "#app/works/diff-facts.ts";

/** What people call the fields that a refresh can change. */
export const fieldWords: Readonly<Record<ChangedField, string>> = {
  title: "Title",
  original_title: "Original title",
  original_language: "Language",
  release_date: "Release",
  imdb_id: "IMDb",
  runtime_minutes: "Runtime",
  total_seasons: "Seasons",
  total_episodes: "Episodes",
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

/** What is no pair of values, in words: of lists, what came and what went; of pictures, whose file names say nothing. */
export function changeWords({ field, before, after }: FieldChange): string | null {
  if (Array.isArray(before) || Array.isArray(after))
    return [
      Array.isArray(after) && after.length > 0 ? `added ${after.join(", ")}` : null,
      Array.isArray(before) && before.length > 0 ? `removed ${before.join(", ")}` : null,
    ]
      .filter(Boolean)
      .join("; ");
  if (field !== "poster" && field !== "backdrop") return null;
  if (before === null) return "added";
  return after === null ? "removed" : "another picture";
}

export function shownValue(value: FieldChange["before"]): string {
  if (value === null) return "nothing";
  return typeof value === "number" ? formatCount(value) : String(value);
}

/** A change in one line: `136 → 137`, or in words. */
export function changeText(change: FieldChange): string {
  return changeWords(change) ?? `${shownValue(change.before)} → ${shownValue(change.after)}`;
}
