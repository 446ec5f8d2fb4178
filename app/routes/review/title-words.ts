import type { TitleDetails } from "#app/matching/title-details.server.ts";
import { formatQuantity } from "#app/ui/format.ts";

interface NamedTitle {
  mediaType: "movie" | "tv";
  title: string;
  originalTitle: string;
  originalLanguage: string;
  year: number | null;
  countries: readonly string[];
  voteCount: number;
}

export const kindWord = { movie: "film", tv: "series" } as const;

/** `Crash (2005)`, `The Office (2005–2013)`, `Severance (2022–)` while it runs; the title alone when nothing is known. */
export function titleWithYears(
  { title, year, mediaType }: Pick<NamedTitle, "title" | "year" | "mediaType">,
  details: Pick<TitleDetails, "lastYear" | "isRunning"> | null,
): string {
  if (year === null) return title;
  if (mediaType === "tv" && details?.isRunning) return `${title} (${year}–)`;
  const last = mediaType === "tv" ? (details?.lastYear ?? null) : null;
  return last === null || last <= year ? `${title} (${year})` : `${title} (${year}–${last})`;
}

/** What tells a title from others of its name, in one line: kind, original title, country, length, director, votes. */
export function titleFacts(title: NamedTitle, details: TitleDetails | null): string {
  const { originalTitle, originalLanguage, mediaType, voteCount } = title;
  const countries = details?.countries.length ? details.countries : title.countries;
  return [
    kindWord[mediaType],
    originalTitle && originalTitle !== title.title ? `original title ${originalTitle}` : null,
    countries.length > 0 ? countries.slice(0, 3).join(", ") : originalLanguage.toUpperCase() || null,
    details && lengthOf(details),
    details && details.directors.length > 0 ? `by ${details.directors.join(" and ")}` : null,
    formatQuantity(voteCount, "vote"),
  ]
    .filter((fact) => fact !== null)
    .join(" · ");
}

function lengthOf({ runtime, seasons, episodes }: TitleDetails): string | null {
  if (runtime) return `${runtime} min`;
  const parts = [
    seasons ? formatQuantity(seasons, "season") : null,
    episodes ? formatQuantity(episodes, "episode") : null,
  ].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(", ") : null;
}
