/** Why something that an import made is left, or is gone already. Kept in `import_changes.undo_reason`. */
export const undoReasons = {
  CHANGED: "Somebody has changed it by hand since.",
  OTHER_IMPORT: "Another import found it there and has left its own row out for it.",
  OTHERS_HANG_ON_IT: "Viewings, wishes or ratings that this import did not write belong to this title.",
  OWN_LEFT: "One of its viewings is left, and needs its title.",
  LISTED: "A list or an award names this title.",
  REPLACED: "A newer rating has taken its place.",
  GONE: "It was not there any more.",
  REMOTE_SERIES: "Series of a remote catalogue are left: its records may hold more than this import wrote.",
  REMOTE_CHANGED: "It was changed in the remote catalogue since.",
  REMOTE_REFUSED: "The remote catalogue did not remove it.",
} as const;

export type UndoReason = keyof typeof undoReasons;

/** The sentence of a stored reason; of one that an older or newer version wrote, the code as it stands. */
export function reasonSentence(code: string): string {
  return Object.entries(undoReasons).find(([known]) => known === code)?.[1] ?? code;
}

/** How far an undo is (`import_jobs.undo_status`); null: nobody has asked for one. */
export type UndoStatus = "queued" | "processing" | "completed" | "partial" | "failed";

export const isUndoRunning = (status: UndoStatus | null): boolean =>
  status === "queued" || status === "processing";

/** What an import has made, in the words of the screen: `812 viewings, 340 titles`. */
export const kindLabels = {
  viewing: "viewing",
  work: "title",
  wish: "wish",
  rating: "rating",
  remote_film: "film record",
  remote_season: "season record",
} as const;
