import { z } from "zod";
import { listCategories, readListSource } from "#app/awards/lists/list-source.ts";
import type { ListSettings } from "#app/awards/lists/lists.server.ts";
import { parseYears } from "#app/awards/lists/years.ts";
import { AppError } from "#app/errors.ts";
import { unknownForm } from "#app/middleware/unknown-form.ts";
import { FETCH_WAYS } from "#app/upstreams/imdb/fetch-way.ts";

const blankIsNull = (text: string): string | null => text.trim() || null;

const form = z.object({
  address: z.string().max(2_000),
  name: z.string().max(200).default("").transform(blankIsNull),
  description: z.string().max(2_000).default("").transform(blankIsNull),
  category: z.enum(listCategories),
  fetchWay: z.enum(FETCH_WAYS),
  years: z.string().max(500).default(""),
  tracksAwards: z.literal("yes").optional(),
});

/**
 * Reads a list's settings as its form sends them.
 *
 * @throws AppError UNKNOWN_INTENT (400) · BAD_LIST_ADDRESS (422) · BAD_YEARS (422)
 */
export function readListForm(fields: FormData): ListSettings {
  const read = form.safeParse(Object.fromEntries(fields));
  if (!read.success) throw unknownForm();
  const { address, years, tracksAwards, ...rest } = read.data;
  return {
    ...rest,
    source: readListSource(address),
    tracksAwards: tracksAwards === "yes",
    years: readYears(years),
  };
}

/** Years that somebody wrote; none when nothing is written. @throws AppError BAD_YEARS (422) */
export function readYears(text: string): number[] {
  if (text.trim() === "") return [];
  const years = parseYears(text);
  if (years) return years;
  throw new AppError(
    "BAD_YEARS",
    422,
    "Years are written like 2024, or 2015-2024, or 1994, 2000-2003. Correct them and send the form again.",
    { field: "years" },
  );
}
