/**
 * The value as indented JSON; bigints become bare numbers, undefined becomes null.
 */
export function jsonText(value: unknown): string {
  const bare = "\u0000bigint:";
  const text =
    JSON.stringify(value, (_, item) => (typeof item === "bigint" ? `${bare}${item}` : item), 2) ?? "null";
  return text.replace(/"\\u0000bigint:(-?\d+)"/g, "$1");
}
