import type { StatusName } from "#app/ui/status.tsx";

export interface UpstreamFacts {
  isOn: boolean;
  /** Open: it has paused itself. */
  isCircuitOpen: boolean;
  /** Somebody has paused its jobs. */
  isPaused: boolean;
  /** The upstream has asked for fewer requests, or today's are used up. */
  isLimited: boolean;
  /** Of the last hour. */
  calls: { asked: number; failed: number };
}

/** So many calls must have been made in the hour before their failures say something about the service. */
const TELLING_CALLS = 5;

/** How a service stands, in a word: the worst of what is true. */
export function upstreamState(facts: UpstreamFacts): { status: StatusName; label: string } {
  if (!facts.isOn) return { status: "skipped", label: "off" };
  if (facts.isCircuitOpen) return { status: "failed", label: "stopped" };
  if (facts.isPaused) return { status: "paused", label: "paused" };
  if (facts.isLimited) return { status: "review", label: "limited" };
  const { asked, failed } = facts.calls;
  if (asked >= TELLING_CALLS && failed * 2 >= asked) return { status: "failed", label: "failing" };
  return { status: "success", label: "on" };
}
