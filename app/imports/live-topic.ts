/** What a live view is about: one import or any of them, or one work of the catalogue. */
export type LiveTopic = "imports" | "overview" | `import:${string}` | `work:${string}`;

/** One thing that live views may be about, as a look finds it. */
export interface Change {
  /** An import's id, or `work:12`. */
  id: string;
  /** Another one than before means: changed. */
  version: string;
  ageMs: number;
}

const IMPORT = /^import:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const WORK = /^work:[1-9]\d{0,17}$/;

/** The topic of `?topic=`, or null when there is none of this name. */
export function parseTopic(topic: string | null): LiveTopic | null {
  if (topic === "imports" || topic === "overview") return topic;
  if (topic === null) return null;
  if (WORK.test(topic)) return `work:${topic.slice("work:".length)}`;
  return IMPORT.test(topic) ? `import:${topic.slice("import:".length).toLowerCase()}` : null;
}

/** The `id` of the changes that a topic is about; null: those of any import. */
export function subjectOf(topic: LiveTopic): string | null {
  if (topic === "imports" || topic === "overview") return null;
  return topic.startsWith("work:") ? topic : topic.slice("import:".length);
}

/** The works that these topics are about, by id. */
export function worksOf(topics: Iterable<LiveTopic>): string[] {
  return [...new Set(topics)].flatMap((topic) =>
    topic.startsWith("work:") ? [topic.slice("work:".length)] : [],
  );
}
