import { z } from "zod";
import { dayOf, isDay } from "./days.ts";

export const filmEditSchema = z.strictObject({
  /** TMDB id. */
  id: z.int().positive(),
  /** Replaces keys of the film's body, appended parts included, whatever their type; list items take those that they have. */
  fields: z.record(z.string(), z.unknown()).optional(),
  /** 404 code 34 from now on; the change feed names it with `adult: null`. */
  deleted: z.boolean().optional(),
  /** Answers with this film's body from now on, under its own id, as TMDB does for some merged ids. */
  mergedInto: z.int().positive().optional(),
  /** The UTC day under which the change feed names the film, today when absent; null keeps it out of the feed. */
  changedOn: z.string().refine(isDay, "a day as YYYY-MM-DD").nullish(),
});

/** What to do to a film, as callers write it; edits of one film add up. */
export type FilmEdit = z.input<typeof filmEditSchema>;

export type EditedFilm = Pick<z.output<typeof filmEditSchema>, "fields" | "deleted" | "mergedInto">;

/** What was done on demand to films since the sandbox started, and the days on which it happened. */
export class FilmEdits {
  readonly #now: () => number;
  readonly #films = new Map<number, EditedFilm>();
  /** Day of the last change, by film and day. */
  #changes: { id: number; day: string }[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws ZodError when malformed */
  edit(edit: FilmEdit): void {
    const { id, changedOn, fields, ...fate } = filmEditSchema.parse(edit);
    const before = this.#films.get(id);
    this.#films.set(id, { ...before, ...fate, fields: { ...before?.fields, ...fields } });
    if (changedOn !== null) this.#changes.push({ id, day: changedOn ?? dayOf(this.#now()) });
  }

  of(id: number): EditedFilm {
    return this.#films.get(id) ?? {};
  }

  /** Films that changed from the first to the last day, both included, last changed first, each once. */
  changedIn(first: string, last: string): { id: number; gone: boolean }[] {
    const ids = this.#changes
      .filter((change) => first <= change.day && change.day <= last)
      .reverse()
      .map((change) => change.id);
    return [...new Set(ids)].map((id) => {
      const { deleted, mergedInto } = this.of(id);
      return { id, gone: deleted === true || mergedInto !== undefined };
    });
  }

  list(): (EditedFilm & { id: number })[] {
    return structuredClone([...this.#films].map(([id, edit]) => ({ id, ...edit })));
  }

  clear(): void {
    this.#films.clear();
    this.#changes = [];
  }
}
