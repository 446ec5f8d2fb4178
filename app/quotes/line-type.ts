/** What a line of a quote is. The names stand in rows and in the machine API. */
export const lineTypes = ["dialogue", "stage_direction", "narration"] as const;
export type LineType = (typeof lineTypes)[number];

/** One line of a quote. */
export interface QuoteLine {
  type: LineType;
  /** Who says or does it; null: nobody is named. */
  character: string | null;
  text: string;
}
