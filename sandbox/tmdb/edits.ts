import { z } from "zod";
import { dayOf, isDay } from "./days.ts";

export const titleEditSchema = z.strictObject({
  /** TMDB id. */
  id: z.int().positive(),
  /** Replaces keys of the title's body, appended parts included, whatever their type; list items take those that they have. */
  fields: z.record(z.string(), z.unknown()).optional(),
  /** 404 code 34 from now on; the change feed names it with `adult: null`. */
  deleted: z.boolean().optional(),
  /** Answers with this title's body from now on, under its own id, as TMDB does for some merged ids. */
  mergedInto: z.int().positive().optional(),
  /** The UTC day under which the change feed names the title, today when absent; null keeps it out of the feed. */
  changedOn: z.string().refine(isDay, "a day as YYYY-MM-DD").nullish(),
});

/** What to do to a film or a series, as callers write it; edits of one title add up. */
export type TitleEdit = z.input<typeof titleEditSchema>;

export type EditedTitle = Pick<z.output<typeof titleEditSchema>, "fields" | "deleted" | "mergedInto">;

/** What was done on demand to films, or to series, since the sandbox started, and the days on which it happened. */
export class TitleEdits {
  readonly #now: () => number;
  readonly #titles = new Map<number, EditedTitle>();
  /** Each change with its day. */
  #changes: { id: number; day: string }[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws ZodError when malformed */
  edit(edit: TitleEdit): void {
    const { id, changedOn, fields, ...fate } = titleEditSchema.parse(edit);
    const before = this.#titles.get(id);
    this.#titles.set(id, { ...before, ...fate, fields: { ...before?.fields, ...fields } });
    if (changedOn !== null) this.#changes.push({ id, day: changedOn ?? dayOf(this.#now()) });
  }

  of(id: number): EditedTitle {
    return this.#titles.get(id) ?? {};
  }

  /** Titles that changed from the first to the last day, both included, last changed first, each once. */
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

  list(): (EditedTitle & { id: number })[] {
    return structuredClone([...this.#titles].map(([id, edit]) => ({ id, ...edit })));
  }

  clear(): void {
    this.#titles.clear();
    this.#changes = [];
  }
}
