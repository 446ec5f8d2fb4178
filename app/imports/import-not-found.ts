import { AppError } from "#app/errors.ts";

/** 404 for an id that names no import, or is none. */
export function importNotFound(): AppError {
  return new AppError("IMPORT_NOT_FOUND", 404, "There is no import with this id. It may have been mistyped.");
}
