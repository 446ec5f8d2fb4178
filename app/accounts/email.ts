import { z } from "zod";

const schema = z.email().max(254);

/** An e-mail address as operators are known by: trimmed and lower-case; null when it is none. */
export function normalizeEmail(typed: string): string | null {
  const result = schema.safeParse(typed.trim().toLowerCase());
  return result.success ? result.data : null;
}
