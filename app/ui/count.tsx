import { formatCount, formatQuantity } from "#app/ui/format.ts";

export interface CountProps {
  value: number | bigint | null | undefined;
  /** With a noun (singular, or singular and plural) the count reads `37 rows`. */
  of?: string | readonly [singular: string, plural: string];
}

/** A number with its thousands grouped, in figures of equal width. */
export function Count({ value, of }: CountProps) {
  if (of === undefined || typeof value !== "number") {
    return <span className="numbers">{formatCount(value)}</span>;
  }
  const [singular, plural] = typeof of === "string" ? [of, undefined] : of;
  return <span className="numbers">{formatQuantity(value, singular, plural)}</span>;
}
