/** A process that ingests the film of its first argument, for tests that kill it: `ingest-child.ts 603`. */
import { config as readConfig } from "#app/config.server.ts";
import { createDatabase } from "#app/db/client.server.ts";
import { ingestMovie } from "#app/works/ingest-movie.server.ts";

const config = readConfig();
const { db } = createDatabase(String(config.DATABASE_URL), { max: 2, applicationName: "ingest child" });
process.on("disconnect", () => process.exit(1));
await ingestMovie({ db, config }, Number(process.argv[2]), { fresh: true });
