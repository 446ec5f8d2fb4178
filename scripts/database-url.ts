import { config } from "#app/config.server.ts";
import { AppError } from "#app/errors.ts";

/** @throws AppError `DATABASE_URL_MISSING` for a process that brings no PostgreSQL of its own */
export function requireDatabaseUrl(command: string): string {
  const { DATABASE_URL } = config();
  if (DATABASE_URL) return DATABASE_URL;
  throw new AppError(
    "DATABASE_URL_MISSING",
    500,
    `npm run ${command} needs DATABASE_URL. For a desk on this machine use npm start, which brings its own PostgreSQL.`,
  );
}
