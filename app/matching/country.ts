import type { Candidate, TitleQuery } from "#app/matching/candidate.ts";
import type { Decision } from "#app/matching/decide.ts";
import { reason } from "#app/matching/reason.ts";

/** How exports write the country behind a title that several countries have made: "The Office (U.S.)". */
const codes: Readonly<Record<string, string>> = {
  us: "US",
  usa: "US",
  uk: "GB",
  gb: "GB",
  au: "AU",
  nz: "NZ",
  ca: "CA",
  ie: "IE",
  in: "IN",
  jp: "JP",
  kr: "KR",
  de: "DE",
  fr: "FR",
  es: "ES",
  it: "IT",
  br: "BR",
  mx: "MX",
  se: "SE",
  dk: "DK",
  no: "NO",
};

/** The country in brackets at a title's end, as ISO 3166-1; null when there is none. */
export function trailingCountry(title: string): string | null {
  const [, code = ""] = /\(([A-Za-z.]{2,6})\)\s*$/.exec(title) ?? [];
  return codes[code.replaceAll(".", "").toLowerCase()] ?? null;
}

const namesakes = new Set<string>(["exact", "original", "alternative", "cleaned"]);

/**
 * Lifts the doubt between namesakes by the country that the title states: taken when exactly one of those that carry the
 * name comes from there. Everything else stays as it was decided.
 */
export function decideByCountry(query: TitleQuery, decision: Decision): Decision {
  const country = decision.outcome === "review" ? trailingCountry(query.title) : null;
  if (!country) return decision;
  const fromThere = decision.candidates.filter(
    (candidate: Pick<Candidate, "countries"> & Decision["candidates"][number]) =>
      namesakes.has(candidate.signals.title) && candidate.countries?.includes(country),
  );
  const [only] = fromThere;
  if (fromThere.length !== 1 || !only) return decision;
  return {
    ...decision,
    outcome: "match",
    tmdbId: only.tmdbId,
    mediaType: only.mediaType,
    score: only.score,
    reason: reason("country_agrees"),
  };
}
