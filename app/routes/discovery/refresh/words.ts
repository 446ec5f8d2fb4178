import type { AgeTier, DueReason } from "#app/works/staleness.ts";

/** What people call the ages of a release. */
export const tierLabel: Readonly<Record<AgeTier, string>> = {
  upcoming: "far from release",
  new: "new",
  recent: "recent",
  settled: "settled",
  older: "older",
  undated: "no release date",
};

/** Why a work is due, for people. */
export const reasonLabel: Readonly<Record<DueReason, string>> = {
  details_missing: "details missing",
  schema_behind: "stored by an older version",
  changed: "changed at TMDB",
  age: "due by age",
  failed: "last refresh failed",
  lost: "lost at TMDB",
  no_tmdb_id: "no TMDB id",
};
