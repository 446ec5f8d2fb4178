import { AppError } from "#app/errors.ts";

/** 404 for an id that names no work, or is none. */
export function workNotFound(): AppError {
  return new AppError(
    "WORK_NOT_FOUND",
    404,
    "There is no film or series with this id. It may have been merged into another; search for its title.",
  );
}
