import type { TitleCursor } from "#app/imports/review/doubtful-titles.server.ts";

const LONGEST_KEY = 300;
const LONGEST_ID = 501;

/** What of the review page is on screen, out of its URL. */
export interface ReviewView {
  /** The title that is open; null: the first of the list. */
  key: string | null;
  cursor: TitleCursor | null;
  /** An id that was entered and is to be looked up. */
  id: string | null;
}

/** Reads `title`, `cursor` and `id`. What cannot be read counts as absent. */
export function readReviewView(params: URLSearchParams): ReviewView {
  const key = params.get("title");
  return {
    key: key && key.length <= LONGEST_KEY ? key : null,
    cursor: readTitleCursor(params.get("cursor")),
    id: params.get("id")?.slice(0, LONGEST_ID) ?? null,
  };
}

/** `1.43.the office||tv`: ends an import, rows, key. */
function readTitleCursor(text: string | null): TitleCursor | null {
  const [, isLast, rows, key] = /^([01])\.(\d{1,9})\.(.{0,300})$/s.exec(text ?? "") ?? [];
  return key === undefined ? null : { isLast: isLast === "1", rows: Number(rows), key };
}

export function writeTitleCursor(cursor: TitleCursor | null): string | null {
  return cursor && `${cursor.isLast ? 1 : 0}.${cursor.rows}.${cursor.key}`;
}
