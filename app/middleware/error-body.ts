/** The body of every error that leaves the product: on pages, where boundaries and forms read it, and in the machine API. */
export interface ErrorBody {
  error: {
    /** Stable, for programs. */
    code: string;
    /** A sentence, for people. */
    message: string;
    /** Facts beside it; `field` names the form's field that is to blame. */
    details?: Record<string, unknown>;
  };
}

/** Whether data, for example an ErrorBoundary's or a fetcher's, is such a body. */
export function isErrorBody(value: unknown): value is ErrorBody {
  if (typeof value !== "object" || value === null || !("error" in value)) return false;
  const { error } = value;
  if (typeof error !== "object" || error === null || !("code" in error) || !("message" in error))
    return false;
  return typeof error.code === "string" && typeof error.message === "string";
}

/** The sentence of an error that is about one field of a form, or undefined: for the field's `error`. */
export function fieldError(value: unknown, field: string): string | undefined {
  return isErrorBody(value) && value.error.details?.field === field ? value.error.message : undefined;
}

/** The error when it is about no field, or undefined: for the head of the form. */
export function formError(value: unknown): ErrorBody["error"] | undefined {
  return isErrorBody(value) && value.error.details?.field === undefined ? value.error : undefined;
}
