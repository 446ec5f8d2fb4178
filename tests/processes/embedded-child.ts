/** A process of its own that holds an embedded PostgreSQL until it is ended: `embedded-child.ts DATA_DIR`. */
import { startEmbeddedPostgres } from "#app/db/embedded-postgres.server.ts";

const [dataDir = ""] = process.argv.slice(2);
const server = await startEmbeddedPostgres({ dataDir });
process.send?.({ url: server.url });
process.on("SIGTERM", async () => {
  await server.stop();
  process.exit(0);
});
