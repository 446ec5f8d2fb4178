import { z } from "zod";
import { startSandbox } from "./server.ts";

/** Starts the sandbox as its own process, prints one JSON line with its addresses and keys, and stops on SIGTERM or SIGINT. */

const optionalNumber = z.coerce.number().int().min(0).optional();

const environment = z
  .object({
    SANDBOX_HOST: z.string().optional(),
    SANDBOX_PORT: optionalNumber,
    SANDBOX_TMDB_KEY: z.string().optional(),
    SANDBOX_OMDB_KEY: z.string().optional(),
    SANDBOX_TABSTACK_TOKEN: z.string().optional(),
    SANDBOX_CATALOGUE_KEY: z.string().optional(),
    /** "40/10s", or "off". */
    SANDBOX_RATE_LIMIT: z
      .union([z.literal("off"), z.string().regex(/^\d+\/\d+s$/, "must look like 40/10s, or be off")])
      .optional(),
    SANDBOX_OMDB_DAILY_LIMIT: optionalNumber,
    SANDBOX_LATENCY_MS: optionalNumber,
    SANDBOX_GENERATED_FILMS: optionalNumber,
  })
  .safeParse(process.env);

if (!environment.success) {
  process.stderr.write(`${z.prettifyError(environment.error)}\n`);
  process.exit(1);
}

function rateLimit(text: string | undefined) {
  if (text === undefined) return undefined;
  if (text === "off") return null;
  const [requests = "40", seconds = "10s"] = text.split("/");
  return { requests: Number(requests), perMs: Number.parseInt(seconds, 10) * 1000 };
}

const settings = environment.data;
const sandbox = await startSandbox({
  host: settings.SANDBOX_HOST,
  port: settings.SANDBOX_PORT,
  tmdbKey: settings.SANDBOX_TMDB_KEY,
  omdbKey: settings.SANDBOX_OMDB_KEY,
  tabstackToken: settings.SANDBOX_TABSTACK_TOKEN,
  catalogueKey: settings.SANDBOX_CATALOGUE_KEY,
  rateLimit: rateLimit(settings.SANDBOX_RATE_LIMIT),
  omdbDailyLimit: settings.SANDBOX_OMDB_DAILY_LIMIT,
  latencyMs: settings.SANDBOX_LATENCY_MS,
  generatedFilms: settings.SANDBOX_GENERATED_FILMS,
}).catch((error: unknown) => {
  process.stderr.write(
    `The sandbox cannot start: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
});
const { url, tmdbUrl, tmdbImageUrl, omdbUrl, tabstackUrl, imdbUrl, catalogueUrl, keys } = sandbox;
process.stdout.write(
  `${JSON.stringify({ url, tmdbUrl, tmdbImageUrl, omdbUrl, tabstackUrl, imdbUrl, catalogueUrl, keys })}\n`,
);

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await sandbox.close();
  process.exit(0);
}
process.on("SIGTERM", () => void stop());
process.on("SIGINT", () => void stop());
