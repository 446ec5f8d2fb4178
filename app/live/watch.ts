import type { LiveTopic } from "#app/live/live-topic.ts";

/** One thing that live views may be about, as a look finds it. */
export interface Change {
  /** The topic of those who watch this thing; `import:ID` is news of `imports` too. */
  topic: LiveTopic;
  /** Another one than before means: changed. */
  version: string;
  /** Milliseconds since it changed last. */
  ageMs: number;
}

/** What a look finds. */
export interface Look {
  changes: readonly Change[];
  /** Which of the listeners' sessions have ended; absent: this look did not ask. */
  ended?: ReadonlySet<string>;
}

/** Looks for changes in one part of the house, at its own pace, while somebody listens to one of its topics. */
export interface Watch {
  /** Whether the changes of a topic are found by this watch. Of several that say so, the first one finds them. */
  serves(topic: LiveTopic): boolean;
  look(listening: { topics: ReadonlySet<LiveTopic>; sessionIds: readonly string[] }): Promise<Look>;
  /** A page is read so many milliseconds before its stream opens. What changed in between is told at once. */
  pageAgeMs: number;
  /** Milliseconds between two looks. */
  intervalMs: number;
  /** Milliseconds that a look which is due must yet wait; 0: it may go. */
  waitMs(): number;
}
