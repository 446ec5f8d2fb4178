/** PostgreSQL's SQLSTATE of an error, or null when it is not one. */
function sqlState(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return null;
  return /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null;
}

/** Whether the values themselves were refused: class 22 (data exception) or 23 (constraint). Trying again cannot help. */
export function isContentError(error: unknown): boolean {
  return /^2[23]/.test(sqlState(error) ?? "");
}

/** Whether a unique key was taken: by what stood there, or by another transaction that was a moment quicker. */
export function isTakenError(error: unknown): boolean {
  return sqlState(error) === "23505";
}

/** Whether what a row points at is gone: another transaction has removed it a moment before. */
export function isGoneError(error: unknown): boolean {
  return sqlState(error) === "23503";
}

/** Whether the transaction lost against another and can simply be run again. */
export function isDeadlock(error: unknown): boolean {
  return ["40P01", "40001"].includes(sqlState(error) ?? "");
}

/** Whether PostgreSQL itself reported the error, whatever it was about. */
export function isSqlError(error: unknown): boolean {
  return sqlState(error) !== null;
}
