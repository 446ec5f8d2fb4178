import { quoteList } from "#app/quotes/quote-answers.ts";
import { cardQuery, mediaQuery, quotesQuery, recordsQuery } from "#app/routes/api/media-requests.ts";
import type { Operation } from "#app/routes/api/operation.ts";
import { anyCard } from "#app/works/card-answers.ts";
import { mediaDetail, mediaList } from "#app/works/media-answers.ts";
import { movieList, movieRecord, showList, showRecord } from "#app/works/record-answers.ts";
import { movieInput, showInput } from "#app/works/record-input.ts";

const WRITTEN_ONCE =
  "The same key with the same record gives the same answer, and is carried out once. Kept for 30 days.";

const refusals = {
  400: "`MALFORMED_JSON`, `INVALID_IDEMPOTENCY_KEY`",
  409: "`ALREADY_EXISTS`; `REQUEST_IN_PROGRESS`: an earlier request for the same record still runs",
  413: "`RECORD_TOO_LARGE`",
};

const CHANGES_ALONE =
  "Fields that are sent replace what stood there, null clears, absent ones stay. Fields that are not listed are ignored.";

const movies: readonly Operation[] = [
  {
    id: "listMovies",
    method: "get",
    path: "/movies",
    tag: "Catalogue records",
    summary: "List viewings of films",
    description: "The newest first. A bare list of at most `limit` records, or pages with `page=1`.",
    needsKey: true,
    query: recordsQuery,
    success: { status: 200, description: "Records, bare or as a page.", schema: movieList },
    errors: { 400: "`INVALID_INPUT`, `BAD_CURSOR`" },
    curl: `"{origin}/movies?page=1"`,
  },
  {
    id: "createMovie",
    method: "post",
    path: "/movies",
    tag: "Catalogue records",
    summary: "Record a viewing of a film",
    description:
      "The film is found by its ids, or by title and year, and made when it is new. What the catalogue knows of it already stays.",
    needsKey: true,
    jsonBody: movieInput,
    requiredFields: ["title"],
    idempotencyKey: WRITTEN_ONCE,
    success: { status: 201, description: "The record.", schema: movieRecord },
    errors: { ...refusals, 422: "`TITLE_BLANK`, `INVALID_RECORD`, `IDEMPOTENCY_KEY_REUSED`" },
    curl: `-H "Idempotency-Key: $(uuidgen)" --json '{"title":"Heat","year":1995,"viewingDate":"2026-01-02"}' {origin}/movies`,
  },
  {
    id: "changeMovie",
    method: "patch",
    path: "/movies/{id}",
    tag: "Catalogue records",
    summary: "Change a viewing of a film, and the film",
    description: CHANGES_ALONE,
    needsKey: true,
    jsonBody: movieInput,
    idempotencyKey: WRITTEN_ONCE,
    success: { status: 200, description: "The record as it is now.", schema: movieRecord },
    errors: {
      ...refusals,
      404: "`RECORD_NOT_FOUND`",
      422: "`TITLE_BLANK`, `INVALID_RECORD`, `ID_TAKEN`, `TITLE_TAKEN`, `IDEMPOTENCY_KEY_REUSED`",
    },
    curl: `-X PATCH --json '{"loved":true}' {origin}/movies/$ID`,
  },
];

const shows: readonly Operation[] = [
  {
    id: "listShows",
    method: "get",
    path: "/shows",
    tag: "Catalogue records",
    summary: "List series of which something was seen",
    description: "The newest first, each with those seasons. As `GET /movies` otherwise.",
    needsKey: true,
    query: recordsQuery,
    success: { status: 200, description: "Records, bare or as a page.", schema: showList },
    errors: { 400: "`INVALID_INPUT`, `BAD_CURSOR`" },
    curl: `"{origin}/shows?page=1"`,
  },
  {
    id: "createShow",
    method: "post",
    path: "/shows",
    tag: "Catalogue records",
    summary: "Record that a season was begun",
    description:
      'One season per request: `title` is "X Season 2", or `showName` and `seasonNumber` say so. It does not count as an episode.',
    needsKey: true,
    jsonBody: showInput,
    requiredFields: ["title"],
    idempotencyKey: WRITTEN_ONCE,
    success: { status: 201, description: "The series with its seasons.", schema: showRecord },
    errors: { ...refusals, 422: "`TITLE_BLANK`, `INVALID_RECORD`, `IDEMPOTENCY_KEY_REUSED`" },
    curl: `--json '{"title":"Dark Season 1","showName":"Dark","seasonNumber":1,"startedDate":"2026-01-02"}' {origin}/shows`,
  },
  {
    id: "changeShow",
    method: "patch",
    path: "/shows/{id}",
    tag: "Catalogue records",
    summary: "Change a series, or one of its seasons",
    description: `${CHANGES_ALONE} Dates, status, review and note belong to the season that \`seasonNumber\` names.`,
    needsKey: true,
    jsonBody: showInput,
    idempotencyKey: WRITTEN_ONCE,
    success: { status: 200, description: "The series as it is now.", schema: showRecord },
    errors: {
      ...refusals,
      404: "`RECORD_NOT_FOUND`, `SEASON_NOT_FOUND`",
      422: "`TITLE_BLANK`, `INVALID_RECORD`, `SEASON_MISSING`, `ID_TAKEN`, `TITLE_TAKEN`, `IDEMPOTENCY_KEY_REUSED`",
    },
    curl: `-X PATCH --json '{"seasonNumber":1,"status":"completed"}' {origin}/shows/$ID`,
  },
];

/** The operations about what the catalogue holds. */
export const catalogueOperations: readonly Operation[] = [
  {
    id: "listMedia",
    method: "get",
    path: "/media",
    tag: "Catalogue",
    summary: "List films and series",
    description: "The newest in the catalogue first. Pass nextCursor back as cursor for the next page.",
    needsKey: true,
    query: mediaQuery,
    success: { status: 200, description: "A page of works.", schema: mediaList },
    errors: { 400: "`INVALID_INPUT`, `BAD_CURSOR`" },
    curl: `"{origin}/media?type=tv&q=dark"`,
  },
  {
    id: "showMedia",
    method: "get",
    path: "/media/{id}",
    tag: "Catalogue",
    summary: "Show a film or series",
    needsKey: true,
    success: { status: 200, description: "The work.", schema: mediaDetail },
    errors: { 404: "`WORK_NOT_FOUND`" },
    curl: "{origin}/media/$ID",
  },
  {
    id: "showCard",
    method: "get",
    path: "/media/{id}/card",
    tag: "Catalogue",
    summary: "Show the card of a film or series",
    description:
      "Built beforehand. Its `ETag` stays until something that it shows changes: send it back as `If-None-Match`, and an unchanged card is a 304 without a body.",
    needsKey: true,
    query: cardQuery,
    success: { status: 200, description: "The card; with `form=short` the short one.", schema: anyCard },
    errors: { 400: "`INVALID_INPUT`", 404: "`WORK_NOT_FOUND`" },
    curl: `-H "If-None-Match: $ETAG" {origin}/media/$ID/card`,
  },
  {
    id: "listQuotes",
    method: "get",
    path: "/media/{id}/quotes",
    tag: "Catalogue",
    summary: "List the quotes of a film or series",
    description:
      "Those of films come from IMDb, others were added by hand. Pass nextCursor back as cursor for the next page.",
    needsKey: true,
    query: quotesQuery,
    success: { status: 200, description: "A page of quotes.", schema: quoteList },
    errors: { 400: "`INVALID_INPUT`, `BAD_CURSOR`", 404: "`WORK_NOT_FOUND`" },
    curl: "{origin}/media/$ID/quotes",
  },
  ...movies,
  ...shows,
];
