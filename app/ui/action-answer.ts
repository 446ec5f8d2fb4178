/** What an action answers to a form that a fetcher sent: what was done, in a sentence, or why not. */
export type ActionAnswer =
  | { message?: string | undefined; error?: undefined }
  | { error: { code: string; message: string } };

/**
 * Reads an action's data as an ActionAnswer. Data of another shape counts as done without a message.
 */
export function readAnswer(data: unknown): ActionAnswer {
  if (typeof data !== "object" || data === null) return {};
  if ("error" in data) {
    const error = readError(data.error);
    if (error !== null) return { error };
  }
  return "message" in data && typeof data.message === "string" ? { message: data.message } : {};
}

/**
 * Reads `{code, message}`, the shape of an AppError once it is data; null when it is something else.
 */
export function readError(value: unknown): { code: string; message: string } | null {
  if (typeof value !== "object" || value === null) return null;
  if (!("code" in value) || !("message" in value)) return null;
  const { code, message } = value;
  return typeof code === "string" && typeof message === "string" ? { code, message } : null;
}
