/** An import that a corrected file may belong to. */
export interface RepairedImport {
  id: string;
  fileName: string;
  createdAt: string;
  uploadedBy: string | null;
}

/** A line of a corrected file that replaces nothing, and why. */
export interface RefusedLine {
  lineNumber: number;
  /** Row of the repaired import; null when the line does not say it. */
  rowNumber: number | null;
  code: string;
  message: string;
}

/** What a corrected file does, or did, to its import. */
export interface RepairPlan {
  job: RepairedImport;
  /** Lines that replace a failed row. */
  replaces: number;
  /** Lines that say what they said when they were exported: their rows stay as they are. */
  unchanged: number;
  refusedCount: number;
  /** The first 100 of them. */
  refused: RefusedLine[];
}

/** A corrected file as the check of New import shows it. */
export interface RepairCheck {
  /** Imports that it fits, the likeliest first. */
  candidates: RepairedImport[];
  /** Null: it is to be imported as a file of its own. */
  plan: RepairPlan | null;
}
