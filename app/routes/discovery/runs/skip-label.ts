/** Why a film was not taken, for people. */
const LABELS: Readonly<Record<string, string>> = {
  known: "in the catalogue already",
  excluded: "excluded",
  adult: "marked as for adults",
  over_limit: "over the limit of this run",
  in_other_run: "another run has it",
};

export const skipLabel = (reason: string): string => LABELS[reason] ?? reason;
