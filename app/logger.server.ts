import { pino } from "pino";
import { config } from "#app/config.server.ts";
import { loggableError } from "#app/loggable-error.ts";

/**
 * One JSON line per event. What people typed, titles, names and secrets never belong here: log ids, codes, counts and
 * durations. The redaction below is the second line of defence, not the first.
 */
export const logger = pino({
  level: config().LOG_LEVEL,
  base: { pid: process.pid },
  serializers: { err: loggableError },
  redact: {
    paths: [
      "password",
      "*.password",
      "authorization",
      "*.authorization",
      "headers.cookie",
      "*.headers.cookie",
      "apiKey",
      "*.apiKey",
      "token",
      "*.token",
    ],
    censor: "[redacted]",
  },
});

export type Logger = typeof logger;
