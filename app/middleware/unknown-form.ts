import { AppError } from "#app/errors.ts";

/** 400 `UNKNOWN_INTENT`: what was sent is none of the page's forms, as after an update of the product under an open page. */
export const unknownForm = (): AppError =>
  new AppError("UNKNOWN_INTENT", 400, "This form is not one of this page. Reload the page and press again.");
