import { useEffect, useRef } from "react";
import { useRevalidator } from "react-router";
import { type Instant, toDate } from "#app/ui/format.ts";

/** What is due at a moment needs another to have happened. */
const AFTER_MS = 2_000;
/** Browsers' timers overflow beyond 24 days, and no page is left open for longer. */
const LONGEST_MS = 86_400_000;

/**
 * Reads the page anew shortly after a moment at which it says something else by the clock alone, such as a run that becomes due.
 *
 * @param at null: no such moment
 */
export function useRefreshAt(at: Instant | null): void {
  const { revalidate } = useRevalidator();
  const latest = useRef(revalidate);
  useEffect(() => {
    latest.current = revalidate;
  });
  const time = toDate(at)?.getTime() ?? null;
  useEffect(() => {
    if (time === null) return;
    const left = time - Date.now() + AFTER_MS;
    if (left > LONGEST_MS) return;
    const timer = setTimeout(() => void latest.current(), Math.max(left, AFTER_MS));
    return () => clearTimeout(timer);
  }, [time]);
}
