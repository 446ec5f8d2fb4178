import { filterNames } from "#app/queue/job-filter.ts";

const spans = ["1h", "24h", "7d", "30d"];
const MOST_SUGGESTED = 20;

/**
 * How the last word of a filter could go on: names while the colon is missing, then what is known of the values.
 *
 * @param typed the whole text so far
 * @returns whole texts, each with one word completed; a name ends with its colon
 */
export function suggestWords(typed: string, known: { tasks: readonly string[] }): string[] {
  const start = typed.search(/\S*$/);
  const before = typed.slice(0, start);
  const word = typed.slice(start);
  // Inside quotes a space does not end the word.
  if ((typed.match(/(?<!\\)"/g) ?? []).length % 2 === 1) return [];
  const words = filterNames.flatMap((name) => {
    if (name === "task" && word.startsWith("task:")) return known.tasks.map((task) => `task:${task}`);
    if (name === "since" && word.startsWith("since:")) return spans.map((span) => `since:${span}`);
    return isTaken(before, name) ? [] : [`${name}:`];
  });
  return words
    .filter((each) => each.startsWith(word) && each !== word)
    .slice(0, MOST_SUGGESTED)
    .map((each) => `${before}${each}`);
}

function isTaken(before: string, name: string): boolean {
  return before.split(/\s+/).some((word) => word.startsWith(`${name}:`));
}
