import { useEffect, useState } from "react";
import type { TitleDetails } from "#app/matching/title-details.server.ts";
import type { DetailsAnswer } from "#app/routes/review/details.ts";

interface Named {
  mediaType: "movie" | "tv";
  tmdbId: number;
}

/** Key of a title among its details. */
export const detailsKey = ({ mediaType, tmdbId }: Named) => `${mediaType}:${tmdbId}`;

/**
 * What the search did not say of these titles: runtime, seasons, director. Read after the page is there, because TMDB may be asked
 * for it; by itself, so that live updates of the page do not read it again.
 *
 * @returns null until it has come
 */
export function useDetails(titles: readonly Named[]): {
  details: Record<string, TitleDetails | null>;
  problem: string | null;
} | null {
  const query = titles.map((title) => `title=${detailsKey(title)}`).join("&");
  const [answer, setAnswer] = useState<(DetailsAnswer & { query: string }) | null>(null);
  useEffect(() => {
    if (query === "") return;
    const stop = new AbortController();
    readDetails(query, stop.signal).then(
      (read) => setAnswer({ ...read, query }),
      () => {
        if (stop.signal.aborted) return;
        setAnswer({ query, details: {}, problem: "More could not be read. Reload the page to try again." });
      },
    );
    return () => stop.abort();
  }, [query]);
  return answer?.query === query ? answer : null;
}

async function readDetails(query: string, signal: AbortSignal): Promise<DetailsAnswer> {
  const answer = await fetch(`/review/details?${query}`, { signal });
  if (!answer.ok) throw new Error(`details: HTTP ${answer.status}`);
  return answer.json();
}
