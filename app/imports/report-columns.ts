/** Columns that the failed-rows file adds behind the file's own. A file that has all three was written by us. */
export const reportColumns = ["_row", "_error_code", "_error"] as const;

/** Whether a file with these columns is a failed-rows file of ours, possibly corrected. */
export const isFailedRowsFile = (columns: readonly string[]): boolean =>
  reportColumns.every((column) => columns.includes(column));
