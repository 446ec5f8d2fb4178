import { z } from "zod";

/**
 * Fields as upstreams really send them: missing, null, empty, numbers as strings. Each gives one clean form, and accepts
 * that form again: the cache keeps parsed bodies and reads them through the same shapes.
 */

/** Neither PostgreSQL's text nor its JSON takes a NUL or half a surrogate pair. */
const storable = (value: string): string => value.replaceAll("\u0000", "").toWellFormed();

/** Longer than any real name; an index entry of PostgreSQL holds 2,700 bytes. */
const LONGEST_NAME = 500;

/** A name that must be there. */
export const word = z
  .string()
  .transform((value) => Array.from(storable(value).trim()).slice(0, LONGEST_NAME).join(""))
  .pipe(z.string().trim().min(1));

/** Text; null when missing, blank or not a string. */
export const text = z
  .string()
  .nullish()
  .transform((value) => (value && storable(value).trim() ? storable(value) : null))
  .catch(null);

/** A finite number, also written as a string; else null. */
export const number = z
  .union([z.number(), z.string().trim().min(1).transform(Number)])
  .nullish()
  .transform((value) => (typeof value === "number" && Number.isFinite(value) ? value : null))
  .catch(null);

/** A whole number above zero; null where zero stands for "unknown" (budgets, runtimes). */
export const positive = number.transform((value) => {
  const whole = Math.round(value ?? 0);
  return whole > 0 && Number.isSafeInteger(whole) ? whole : null;
});

/** `YYYY-MM-DD` of a day that exists; else null. Longer timestamps are cut to their day. */
export const day = z
  .string()
  .nullish()
  .transform((value) => {
    const text = /^\d{4}-\d{2}-\d{2}/.exec(value ?? "")?.[0];
    return text && isDay(text) ? text : null;
  })
  .catch(null);

function isDay(text: string): boolean {
  // There is no year 0 in PostgreSQL.
  if (text.startsWith("0000")) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** An IMDb title id, `tt0133093`; else null. */
export const imdbTitleId = z
  .string()
  .nullish()
  .transform((value) => (value && /^tt\d{5,10}$/.test(value.trim()) ? value.trim() : null))
  .catch(null);

export const flag = z.boolean().nullish().catch(null).transform(Boolean);

function fitting<T>(entry: z.ZodType<T>, items: readonly unknown[]): T[] {
  return items.flatMap((item) => {
    const parsed = entry.safeParse(item);
    return parsed.success ? [parsed.data] : [];
  });
}

/** The list that the answer is about: it must be one. An entry that does not fit is left out: the others are still good. */
export function list<T>(entry: z.ZodType<T>) {
  return z.array(z.unknown()).transform((items) => fitting(entry, items));
}

/** A list beside the matter: missing or no list at all is empty. */
export function sideList<T>(entry: z.ZodType<T>) {
  return z
    .array(z.unknown())
    .nullish()
    .catch(null)
    .transform((items) => fitting(entry, items ?? []));
}

/** An object keyed by country (ISO 3166-1 alpha-2); what does not fit is left out. */
export function byCountry<T>(entry: z.ZodType<T>) {
  return z.record(z.string(), z.unknown()).transform((entries): Record<string, T> => {
    const fit = Object.entries(entries).flatMap(([country, value]) => {
      const parsed = entry.safeParse(value);
      return /^[A-Z]{2}$/.test(country) && parsed.success ? [[country, parsed.data] as const] : [];
    });
    return Object.fromEntries(fit);
  });
}

/** An appended sub-resource; null when missing or of another shape. */
export function part<T>(shape: z.ZodType<T>) {
  return shape
    .nullish()
    .transform((value) => value ?? null)
    .catch(null);
}
