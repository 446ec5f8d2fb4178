/** API keys from the command line: `npm run api-keys -- create NAME`, `list`, `revoke NAME`. */
import { systemActor } from "#app/accounts/actor.ts";
import { type ApiKey, createApiKey, listApiKeys, revokeApiKey } from "#app/accounts/api-keys.server.ts";
import { withCommandDatabase } from "#scripts/command-database.ts";
import { runCommand, UsageError } from "#scripts/command-line.ts";

const USAGE = `npm run api-keys -- create NAME    makes a key for the machine API; the last line is the key, which is not shown again
npm run api-keys -- list           all keys: name, first characters, made, last used, revoked
npm run api-keys -- revoke NAME    whatever uses the key of that name is refused from then on
`;

const actor = systemActor("command line");

await runCommand(USAGE, async ([command, ...words]) => {
  if (command === "create") return create(words.join(" "));
  if (command === "list") return list();
  if (command === "revoke") return revoke(words.join(" "));
  throw new UsageError(command ? `There is no command "${command}".` : "Say what to do.");
});

async function create(name: string): Promise<void> {
  if (!name) throw new UsageError("Give the key a name that says who will use it.");
  const { key, apiKey } = await withCommandDatabase((db) => createApiKey(db, { name, createdBy: actor }));
  process.stdout.write(`API key "${apiKey.name}". It is not shown again:\n${key}\n`);
}

async function list(): Promise<void> {
  const keys = await withCommandDatabase((db) => listApiKeys(db));
  if (keys.length === 0)
    process.stdout.write("No API key yet. Make one with: npm run api-keys -- create NAME\n");
  else process.stdout.write(table(keys));
}

async function revoke(name: string): Promise<void> {
  if (!name) throw new UsageError("Say the name of the key to revoke.");
  const apiKey = await withCommandDatabase((db) => revokeApiKey(db, { name }, actor));
  process.stdout.write(`Revoked the API key "${apiKey.name}" (${apiKey.prefix}…).\n`);
}

function table(keys: readonly ApiKey[]): string {
  const rows = [
    ["name", "key", "made", "last used", "revoked"],
    ...keys.map((key) => [
      key.name,
      `${key.prefix}…`,
      moment(key.createdAt),
      moment(key.lastUsedAt) || "never",
      moment(key.revokedAt),
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return `${rows.map(line).join("\n")}\n`;
}

function moment(at: Date | null): string {
  return at ? `${at.toISOString().slice(0, 16).replace("T", " ")} UTC` : "";
}
