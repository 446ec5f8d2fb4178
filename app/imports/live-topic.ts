/** What a live view is about: one import, or any of them. */
export type LiveTopic = "imports" | "overview" | `import:${string}`;

const IMPORT = /^import:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The topic of `?topic=`, or null when there is none of this name. */
export function parseTopic(topic: string | null): LiveTopic | null {
  if (topic === "imports" || topic === "overview") return topic;
  return topic !== null && IMPORT.test(topic)
    ? `import:${topic.slice("import:".length).toLowerCase()}`
    : null;
}

/** The import that a topic is about; null: any. */
export function importOf(topic: LiveTopic): string | null {
  return topic.startsWith("import:") ? topic.slice("import:".length) : null;
}
