/**
 * What a live view is about: one import or any of them, one work of the catalogue, the console of the queue, or the overview,
 * which shows something of all.
 */
export type LiveTopic = "imports" | "overview" | "console" | `import:${string}` | `work:${string}`;

const NAMED = ["imports", "overview", "console"] as const;
const IMPORT = /^import:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const WORK = /^work:[1-9]\d{0,17}$/;

/** The topics that there are, as an error names them. */
export const TOPICS = [...NAMED, "import:ID", "work:ID"] as const;

/** The topic of `?topic=`, or null when there is none of this name. */
export function parseTopic(topic: string | null): LiveTopic | null {
  const named = NAMED.find((each) => each === topic);
  if (named) return named;
  if (topic === null) return null;
  if (WORK.test(topic)) return `work:${topic.slice("work:".length)}`;
  return IMPORT.test(topic) ? `import:${topic.slice("import:".length).toLowerCase()}` : null;
}

/** The works that these topics are about, by id. */
export function worksOf(topics: Iterable<LiveTopic>): string[] {
  return [...new Set(topics)].flatMap((topic) =>
    topic.startsWith("work:") ? [topic.slice("work:".length)] : [],
  );
}
