/** Columns that the failed-rows file adds behind the file's own. A file that has all three was written by us. */
export const reportColumns = ["_row", "_error_code", "_error"] as const;

/** Whether a file with these columns is a failed-rows file of ours, possibly corrected. */
export const isFailedRowsFile = (columns: readonly string[]): boolean =>
  reportColumns.every((column) => columns.includes(column));

export const isReportColumn = (column: string): boolean => reportColumns.some((ours) => ours === column);

/** The file's own columns, without those of ours. */
export const ownColumns = (columns: readonly string[]): readonly string[] =>
  isFailedRowsFile(columns) ? columns.filter((column) => !isReportColumn(column)) : columns;
