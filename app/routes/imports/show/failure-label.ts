const labels: Readonly<Record<string, string>> = {
  NO_MATCH: "No title found",
  ROW_PUT_ASIDE: "Put aside: workers died with the row in hand",
  NOT_STORED: "Could not be stored",
  UPSTREAM_OFF: "The upstream is off",
  INVALID_YEAR: "The year is not a year",
  RATING_MISSING: "The row has no rating",
  INVALID_DATE: "The date cannot be read",
  INVALID_RATING: "The rating is not on the scale",
  INVALID_ID: "An id is not an id",
  TITLE_MISSING: "The row has no title",
  TITLE_TOO_LONG: "The title is too long",
  INVALID_CHARACTER: "A cell holds a broken character",
  BAD_QUOTE: "A quotation mark stands inside a cell",
  UNCLOSED_QUOTE: "A quotation mark is not closed",
  RECORD_TOO_LONG: "The line is too long",
  TOO_FEW_CELLS: "The row has too few cells",
  TOO_MANY_CELLS: "The row has too many cells",
  NOT_A_VIEWING: "Is about no viewing",
  OTHER_PROFILE: "Belongs to another profile",
  NOT_A_FILM_OR_SERIES: "Is neither a film nor a series",
  IN_ANOTHER_FILE: "Stands in another file of the export",
  DUPLICATE_IN_FILE: "Says the same as an earlier line",
  DUPLICATE_IN_CATALOGUE: "The catalogue has it already",
};

const upstreams: Readonly<Record<string, string>> = {
  TMDB: "TMDB",
  OMDB: "OMDb",
  CATALOGUE: "The remote catalogue",
};
const troubles: Readonly<Record<string, string>> = {
  NO_ANSWER: "did not answer",
  KEY_REFUSED: "refuses the key",
  QUOTA_USED_UP: "has no quota left",
  REFUSED: "refused the request",
  CHALLENGED: "takes us for a robot",
};

/**
 * What failed rows with the same code have in common, in a few words. An unknown code is described by the sentence of one
 * of its rows.
 *
 * @param message of one of the rows
 */
export function failureLabel(code: string, message: string): string {
  const known = labels[code];
  if (known !== undefined) return known;
  const [, upstream = "", trouble = ""] = /^([A-Z]+)_(.+)$/.exec(code) ?? [];
  const who = upstreams[upstream];
  const what = troubles[trouble];
  return who !== undefined && what !== undefined ? `${who} ${what}` : message;
}
