/** What people are told about a crontab line. */
export interface SchedulePurpose {
  label: string;
  /** One sentence: what it is for. */
  purpose: string;
  /** It changes data or costs calls, so "Run now" asks first. */
  writes: boolean;
}

/** By the line's id. A test holds the crontab against it. */
const PURPOSES: Readonly<Record<string, SchedulePurpose>> = {
  daily_refresh: {
    label: "Daily refresh",
    purpose:
      "Reads what changed at TMDB and queues the works that are due: new releases first, then what changed, then the longest due.",
    writes: true,
  },
  weekly_discovery: {
    label: "Weekly discovery",
    purpose: "Looks for popular and new titles and queues those that are missing.",
    writes: true,
  },
  prune_history: {
    label: "Prune history",
    purpose: "Deletes runs, upstream calls and other history that is past its time.",
    writes: true,
  },
};

/** The purpose of a line; one that nobody has described goes by its id and asks before it runs. */
export function purposeOf(id: string): SchedulePurpose {
  return PURPOSES[id] ?? { label: id, purpose: "Not described yet.", writes: true };
}

/** Whether somebody has said what a line is for. */
export const isDescribed = (id: string): boolean => Object.hasOwn(PURPOSES, id);
