import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";

/** `true`, `1`, `yes` and `on` in any case; everything else that is not the opposite is refused. */
const flag = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.enum(["1", "true", "yes", "on", "0", "false", "no", "off", ""]))
  .transform((value) => ["1", "true", "yes", "on"].includes(value));

const url = (protocols: RegExp) =>
  z.url({ protocol: protocols, error: "is not a URL" }).transform((value) => value.replace(/\/+$/, ""));

/** `40/10s`: so many requests in any window of so many seconds. */
const rateLimit = z
  .string()
  .trim()
  .regex(/^\d+\/\d+s$/, "is not of the form 40/10s (requests, slash, seconds, s)")
  .transform((value) => {
    const [requests = "", seconds = ""] = value.slice(0, -1).split("/");
    return { requests: Number(requests), perMs: Number(seconds) * 1000 };
  })
  .refine((limit) => limit.requests > 0 && limit.perMs > 0, "needs at least 1 request and 1 second");

export type RateLimit = z.infer<typeof rateLimit>;

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** An empty value in `.env` means the same as an absent one. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

const withDefault = <T extends z.ZodType>(schema: T, fallback: string) =>
  z.preprocess((value) => (value === undefined || value === "" ? fallback : value), schema);

const environment = z
  .object({
    NODE_ENV: withDefault(z.enum(["development", "production", "test"]), "development"),
    DATABASE_URL: optional(z.string().regex(/^postgres(ql)?:\/\//, "is not a postgres:// URL")),
    DATA_DIR: withDefault(
      z.string().transform((value) => resolve(value)),
      ".data",
    ),
    HOST: withDefault(z.string().min(1), "127.0.0.1"),
    PORT: withDefault(whole(0, 65_535), "3000"),
    APP_URL: optional(url(/^https?$/)),
    SESSION_SECRET: optional(z.string().min(32, "needs at least 32 characters")),
    OPERATOR_EMAIL: optional(z.email("is not an e-mail address")),
    OPERATOR_PASSWORD: optional(z.string().min(8, "needs at least 8 characters")),
    API_KEY: optional(z.string().min(24, "needs at least 24 characters")),
    WORKER_CONCURRENCY: withDefault(whole(1, 200), "8"),
    TMDB_API_KEY: optional(
      z
        .string()
        .trim()
        .regex(
          /^([0-9a-f]{32}|eyJ[\w-]+\.[\w-]+\.[\w-]*)$/i,
          "is neither a v3 key (32 hex digits) nor a v4 bearer token (eyJ…)",
        ),
    ),
    TMDB_BASE_URL: withDefault(url(/^https?$/), "https://api.themoviedb.org/3"),
    TMDB_IMAGE_BASE_URL: withDefault(url(/^https?$/), "https://image.tmdb.org/t/p"),
    TMDB_RATE_LIMIT: withDefault(rateLimit, "40/10s"),
    YOUTUBE_IMAGE_BASE_URL: withDefault(
      z.union([z.literal("off").transform(() => null), url(/^https?$/)], {
        error: "is neither a URL nor the word off",
      }),
      "https://i.ytimg.com/vi",
    ),
    OMDB_API_KEY: optional(z.string().trim().min(1)),
    OMDB_BASE_URL: withDefault(url(/^https?$/), "https://www.omdbapi.com/"),
    OMDB_DAILY_LIMIT: withDefault(whole(0, 10_000_000), "1000"),
    TABSTACK_TOKEN: optional(z.string().trim().min(1)),
    TABSTACK_BASE_URL: withDefault(url(/^https?$/), "https://api.tabstack.ai"),
    TABSTACK_RATE_LIMIT: withDefault(rateLimit, "10/60s"),
    IMDB_BASE_URL: withDefault(url(/^https?$/), "https://www.imdb.com"),
    CATALOGUE_URL: optional(url(/^https?$/)),
    CATALOGUE_API_KEY: optional(z.string().trim().min(1)),
    RETRY_BASE_MS: withDefault(whole(1, 3_600_000), "4000"),
    IMPORT_MAX_BYTES: withDefault(whole(1_024, 1_073_741_824), String(10 * 1024 * 1024)),
    IMPORT_CHUNK_ROWS: withDefault(whole(1, 5_000), "100"),
    API_RATE_LIMIT: withDefault(rateLimit, "120/60s"),
    IMAGE_STORE: withDefault(z.enum(["fs", "s3"]), "fs"),
    S3_BUCKET: optional(z.string().trim().min(1)),
    S3_REGION: withDefault(z.string().trim().min(1), "us-east-1"),
    S3_ENDPOINT: optional(url(/^https?$/)),
    S3_ACCESS_KEY_ID: optional(z.string().trim().min(1)),
    S3_SECRET_ACCESS_KEY: optional(z.string().trim().min(1)),
    S3_FORCE_PATH_STYLE: withDefault(flag, "0"),
    SANDBOX: withDefault(flag, "0"),
    LOG_LEVEL: withDefault(z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]), "info"),
  })
  .superRefine((env, context) => {
    if (env.NODE_ENV === "production" && !env.SESSION_SECRET)
      context.addIssue({
        code: "custom",
        path: ["SESSION_SECRET"],
        message: "is required when NODE_ENV=production",
      });
    if (env.CATALOGUE_URL && !env.CATALOGUE_API_KEY)
      context.addIssue({
        code: "custom",
        path: ["CATALOGUE_API_KEY"],
        message: "is required when CATALOGUE_URL is set",
      });
    for (const name of ["S3_BUCKET", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"] as const)
      if (env.IMAGE_STORE === "s3" && !env[name])
        context.addIssue({ code: "custom", path: [name], message: "is required when IMAGE_STORE=s3" });
  });

export type Config = Readonly<z.infer<typeof environment>>;

/**
 * Checks an environment against CONTRACT.md.
 *
 * @returns the frozen configuration, or one line per wrong variable (never with its value: it may be a secret).
 */
export function parseConfig(
  env: Record<string, string | undefined>,
): { config: Config } | { problems: string[] } {
  const result = environment.safeParse(env);
  if (result.success) return { config: Object.freeze(result.data) };
  return {
    problems: result.error.issues.map((issue) => `${issue.path.join(".")} ${lowerFirst(issue.message)}`),
  };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

let current: Config | undefined;

/** The process's configuration: read from `.env` and the environment at the first call, then kept. A wrong value ends the process. */
export function config(): Config {
  if (current) return current;
  // Real environment variables win over the file: `process.loadEnvFile` never overwrites.
  if (existsSync(".env")) process.loadEnvFile(".env");
  const result = parseConfig(process.env);
  if ("problems" in result) {
    process.stderr.write(
      `Reeldesk cannot start: the environment is wrong.\n${result.problems.map((line) => `  ${line}\n`).join("")}`,
    );
    process.exit(78);
  }
  current = result.config;
  return current;
}
