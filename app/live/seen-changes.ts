import type { LiveTopic } from "#app/live/live-topic.ts";
import type { Change } from "#app/live/watch.ts";

/** Remembers from look to look what was seen, to date each change on the process's own steady clock. */
export class SeenChanges {
  #seen = new Map<LiveTopic, { version: string; changedAt: number }>();
  /** False until the first look of a run, which finds out what is old. */
  #isCurrent = false;

  /** @param now when the look came back */
  notice(changes: readonly Change[], now: number): void {
    const before = this.#seen;
    this.#seen = new Map(
      changes.map(({ topic, version, ageMs }) => {
        const known = before.get(topic);
        // What turns up between two looks is new whatever its date: its transaction has only now committed. A work turns up
        // because somebody begins to look at it.
        const isNews = this.#isCurrent && (known !== undefined || !topic.startsWith("work:"));
        const changedAt = known?.version === version ? known.changedAt : isNews ? now : now - ageMs;
        return [topic, { version, changedAt }];
      }),
    );
    this.#isCurrent = true;
  }

  /** When something that a topic is about changed last, or undefined: not lately. */
  changedAt(topic: LiveTopic): number | undefined {
    if (topic !== "imports") return this.#seen.get(topic)?.changedAt;
    const ofImports = [...this.#seen].filter(([seen]) => seen.startsWith("import:"));
    return ofImports.reduce<number | undefined>(
      (newest, [, { changedAt }]) => (newest === undefined ? changedAt : Math.max(newest, changedAt)),
      undefined,
    );
  }

  /** Nobody looks any more: the next look is a first one. */
  clear(): void {
    this.#seen.clear();
    this.#isCurrent = false;
  }
}
