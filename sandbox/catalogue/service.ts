import { type Answer, headerOf, json, type SandboxRequest } from "../answer.ts";
import type { Settings } from "../settings.ts";
import { stableHex } from "../stable-hash.ts";
import {
  CatalogueStore,
  type MovieRecord,
  movieInputSchema,
  type ShowRecord,
  showInputSchema,
} from "./store.ts";

const DEFAULT_PAGE_SIZE = 50;
type Kind = "movies" | "shows";
type Stored = { request: string; answer: Answer };

/** A stand-in of the remote catalogue: bare lists, records, and failures that hide behind 2xx. */
export class Catalogue {
  readonly store = new CatalogueStore();
  readonly #answers = new Map<string, Stored>();
  readonly #key: string;
  readonly #settings: () => Settings;
  readonly #nowIso: () => string;

  constructor(key: string, settings: () => Settings, now: () => number) {
    this.#key = key;
    this.#settings = settings;
    this.#nowIso = () => new Date(now()).toISOString();
  }

  /** Forgets all records and idempotency keys. */
  clear(): void {
    this.store.clear();
    this.#answers.clear();
  }

  /** @param baseUrl the service's own address, for `links.next`. */
  answer(request: SandboxRequest, baseUrl: string): Answer {
    const [, kind, id] = /^\/(movies|shows)(?:\/(\d+))?$/.exec(request.path) ?? [];
    if (kind !== "movies" && kind !== "shows") return json(404, { error: "Not found" });
    // Reading needs no key, as at the real one.
    if (request.method === "GET")
      return id === undefined ? this.#list(kind, request, baseUrl) : this.#one(kind, id);
    const key = headerOf(request.headers, "apikey") ?? request.query.get("apikey") ?? "";
    if (key === "") return json(400, { error: "Apikey cannot be blank" });
    if (key !== this.#key) return json(401, { error: "Invalid apikey" });
    return this.#onceOnly(request, () => this.#write(request, kind, id));
  }

  #records(kind: Kind): (MovieRecord | ShowRecord)[] {
    return kind === "movies" ? this.store.movies : this.store.shows;
  }

  #list(kind: Kind, request: SandboxRequest, baseUrl: string): Answer {
    const newestFirst = this.#records(kind).toReversed();
    const limitText = request.query.get("limit") ?? "";
    const limit = /^[1-9]\d*$/.test(limitText) ? Number(limitText) : null;
    if (!this.#settings().envelope)
      return json(200, limit === null ? newestFirst : newestFirst.slice(0, limit));
    const size = limit ?? DEFAULT_PAGE_SIZE;
    const pageText = request.query.get("page") ?? "";
    const page = /^[1-9]\d*$/.test(pageText) ? Number(pageText) : 1;
    const more = newestFirst.length > page * size;
    const next = more ? `${baseUrl}/${kind}?limit=${size}&page=${page + 1}` : null;
    return json(200, { data: newestFirst.slice((page - 1) * size, page * size), links: { next } });
  }

  #one(kind: Kind, id: string): Answer {
    const record = this.#records(kind).find((one) => one.id === Number(id));
    return record === undefined ? json(404, { error: "Not found" }) : json(200, record);
  }

  /** The same key gives the stored answer again; the same key for another request is refused. */
  #onceOnly(request: SandboxRequest, write: () => Answer): Answer {
    const key = headerOf(request.headers, "idempotency-key");
    if (key === null || !this.#settings().idempotency) return write();
    const asked = stableHex(`${request.method} ${request.path}\n${request.body}`, 40);
    const stored = this.#answers.get(key);
    if (stored !== undefined && stored.request !== asked) {
      return json(422, { error: "Idempotency-Key was used for another request" });
    }
    const answer = stored?.answer ?? write();
    this.#answers.set(key, { request: asked, answer });
    return answer;
  }

  /** A failure: 200 with `{error}` as the real one answers, or the status it should have had. */
  #failure(message: string, status: number): Answer {
    return json(this.#settings().errorsAs2xx ? 200 : status, { error: message });
  }

  #write(request: SandboxRequest, kind: Kind, id: string | undefined): Answer {
    let body: unknown;
    try {
      body = request.body === "" ? {} : JSON.parse(request.body);
    } catch {
      return json(400, { error: "Body is not JSON" });
    }
    if (id === undefined)
      return request.method === "POST" ? this.#create(kind, body) : json(405, { error: "Not allowed" });
    if (request.method === "DELETE") return this.#remove(kind, id);
    if (request.method !== "PATCH" && request.method !== "PUT") return json(405, { error: "Not allowed" });
    return this.#change(kind, id, body);
  }

  #create(kind: Kind, body: unknown): Answer {
    const { rejectDuplicates } = this.#settings();
    if (kind === "movies") {
      const input = movieInputSchema.safeParse(body);
      if (!input.success) return this.#failure("Failed to create movie", 422);
      if ((input.data.title ?? "").trim() === "") return this.#failure("Title cannot be blank", 422);
      if (rejectDuplicates && this.store.sameMovie(input.data))
        return this.#failure("Movie already exists", 409);
      return json(201, this.store.addMovie(input.data, this.#nowIso()));
    }
    const input = showInputSchema.safeParse(body);
    if (!input.success) return this.#failure("Failed to create show", 422);
    if ((input.data.title ?? "").trim() === "") return this.#failure("Title cannot be blank", 422);
    if (rejectDuplicates && this.store.sameShow(input.data)) return this.#failure("Show already exists", 409);
    return json(201, this.store.addShow(input.data, this.#nowIso()));
  }

  #change(kind: Kind, id: string, body: unknown): Answer {
    const record = this.#records(kind).find((one) => one.id === Number(id));
    if (record === undefined) return this.#failure("Record not found", 404);
    const schema = kind === "movies" ? movieInputSchema : showInputSchema;
    const input = schema.safeParse(body);
    if (!input.success) return this.#failure("Failed to update record", 422);
    if ("title" in input.data && (input.data.title ?? "").trim() === "") {
      return this.#failure("Title cannot be blank", 422);
    }
    // Only keys the record has: an id or a time of creation cannot be moved, an unknown key is dropped.
    const fixed = new Set(["id", "createdAt", "updatedAt", "seasons"]);
    const entries = Object.entries(input.data).filter(
      ([name]) => Object.hasOwn(record, name) && !fixed.has(name),
    );
    Object.assign(record, Object.fromEntries(entries), { updatedAt: this.#nowIso() });
    return json(200, record);
  }

  #remove(kind: Kind, id: string): Answer {
    const records = this.#records(kind);
    const at = records.findIndex((one) => one.id === Number(id));
    if (at === -1) return this.#failure("Record not found", 404);
    records.splice(at, 1);
    return json(200, { id: Number(id) });
  }
}
