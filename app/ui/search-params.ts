/** What to set in the query of a URL; null, undefined and an empty string take the parameter away. */
export type SearchPatch = Readonly<Record<string, string | number | null | undefined>>;

/**
 * The query of a link that changes some parameters and keeps the others. Returns `?a=b`, or `?` alone when nothing is left,
 * which as a relative link means this page without a query.
 *
 * @param search the present query, with or without its question mark
 */
export function withSearch(search: string, patch: SearchPatch): string {
  const params = new URLSearchParams(search);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null || value === undefined || value === "") params.delete(name);
    else params.set(name, String(value));
  }
  return `?${params}`;
}

export interface Sort {
  column: string;
  direction: "asc" | "desc";
}

/**
 * Reads `sort=name` (ascending) or `sort=-name` (descending). A column that is not sortable falls back.
 */
export function readSort(
  search: URLSearchParams,
  columns: readonly string[],
  fallback: Sort,
  param = "sort",
): Sort {
  const value = search.get(param) ?? "";
  const column = value.replace(/^-/, "");
  if (!columns.includes(column)) return fallback;
  return { column, direction: value.startsWith("-") ? "desc" : "asc" };
}

/**
 * The `sort` parameter that a click on a column's header leads to: the other direction where it already sorts, else the
 * column's first one. Null where that is the default, which stays out of the URL.
 */
export function nextSort(
  current: Sort,
  column: string,
  first: Sort["direction"],
  fallback: Sort,
): string | null {
  const flipped = current.direction === "asc" ? "desc" : "asc";
  const direction = current.column === column ? flipped : first;
  if (column === fallback.column && direction === fallback.direction) return null;
  return direction === "desc" ? `-${column}` : column;
}

/**
 * Reads `page=3`; anything but a whole number of 1 or more is page 1.
 */
export function readPage(search: URLSearchParams, param = "page"): number {
  const value = search.get(param) ?? "";
  const page = /^\d{1,9}$/.test(value) ? Number(value) : 1;
  return Math.max(1, page);
}
