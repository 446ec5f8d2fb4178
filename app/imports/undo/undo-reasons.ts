import { isFinished, type JobStatus } from "#app/imports/status.ts";

/** Why something that an import made is left, or is gone already. Kept in `import_changes.undo_reason`. */
export const undoReasons = {
  CHANGED: "Somebody has changed it by hand since.",
  OTHER_IMPORT: "Another import found it there and has left its own row out for it.",
  OTHERS_HANG_ON_IT: "Viewings, wishes or ratings that this import did not write hang on this work.",
  OWN_LEFT: "One of its viewings is left, and needs its work.",
  LISTED: "A list or an award names this work.",
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

/** What decides whether an import can be undone. */
export interface UndoState {
  status: JobStatus;
  dryRun: boolean;
  hasLedger: boolean;
  undoStatus: UndoStatus | null;
}

/** Why this import cannot be undone now, as a sentence; null when it can. */
export function whyNoUndo({ status, dryRun, hasLedger, undoStatus }: UndoState): string | null {
  if (dryRun) return "It was a dry run and has written nothing";
  if (!hasLedger)
    return "It was made before imports kept what they write, so what it has written is not known and it cannot be undone";
  if (!isFinished(status)) return "It is still running: cancel it or let it finish first";
  if (isUndoRunning(undoStatus)) return "It is being undone";
  if (undoStatus === "completed") return "It is undone already";
  return null;
}

/** What an import makes, one and many. */
const kindWords = {
  viewing: ["viewing", "viewings"],
  work: ["work", "works"],
  wish: ["wish", "wishes"],
  rating: ["rating", "ratings"],
  remote_film: ["film record", "film records"],
  remote_season: ["season record", "season records"],
} as const;

export type ChangeKind = keyof typeof kindWords;

export const kindWord = (kind: ChangeKind): string => kindWords[kind][0];

/** `812 viewings and 340 works`; "nothing" of nothing. */
export function recordsInWords(counts: Partial<Record<ChangeKind, number>>): string {
  const parts = Object.entries(kindWords).flatMap(([kind, [one, many]]) => {
    const count = counts[kind as ChangeKind] ?? 0;
    return count > 0 ? [`${count.toLocaleString("en-US")} ${count === 1 ? one : many}`] : [];
  });
  if (parts.length === 0) return "nothing";
  return [parts.slice(0, -1).join(", "), parts.at(-1)].filter(Boolean).join(" and ");
}
