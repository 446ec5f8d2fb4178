const COUNTRY_NAMES = new Intl.DisplayNames(["en"], { type: "region" });
const LANGUAGE_NAMES = new Intl.DisplayNames(["en"], { type: "language" });
/** Codes that TMDB uses and Intl does not know by the same name. */
const COUNTRY_EXCEPTIONS: Record<string, string> = { SU: "Soviet Union", US: "United States of America" };
const LANGUAGE_EXCEPTIONS: Record<string, string> = { cn: "Cantonese", zh: "Mandarin" };

/** English name of an ISO 3166-1 code as TMDB writes it. */
export function countryName(code: string): string {
  return COUNTRY_EXCEPTIONS[code] ?? COUNTRY_NAMES.of(code) ?? code;
}

/** English name of a language code as TMDB writes it ("cn" is Cantonese there). */
export function languageName(code: string): string {
  return LANGUAGE_EXCEPTIONS[code] ?? LANGUAGE_NAMES.of(code) ?? code;
}
