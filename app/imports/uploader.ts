import type { Actor } from "#app/accounts/actor.ts";

/** Who uploaded a file, as stored with the import and shown: the operator's e-mail, or the key's name behind `api:`. */
export function uploaderOf(actor: Actor): string {
  return actor.type === "api_key" ? `api:${actor.name}` : actor.name;
}
