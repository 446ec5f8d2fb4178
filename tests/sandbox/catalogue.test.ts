import { describe, expect, it } from "vitest";
import { call, runningSandbox } from "./running-sandbox.ts";

const sandbox = await runningSandbox();
const write = (method: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
  call(`${sandbox.catalogueUrl}${path}`, {
    method,
    headers: { apiKey: sandbox.keys.catalogue, "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
const amelie = { title: "Amélie", year: 2001, viewingDate: "2024-01-02T00:00:00.000Z", tmdbId: 194 };

describe("I-10 Sandbox remote catalogue", () => {
  it("creates a movie and gives it back in a bare array, newest first", async () => {
    const created = await write("POST", "/movies", amelie);
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ ...amelie, imdbRating: "0.0", loved: false, review: null });
    await write("POST", "/movies", { ...amelie, title: "Heat" });
    const list = (await call(`${sandbox.catalogueUrl}/movies`)).body;
    expect(list.map((movie: { title: string }) => movie.title)).toEqual(["Heat", "Amélie"]);
    expect((await call(`${sandbox.catalogueUrl}/movies?limit=1`)).body).toHaveLength(1);
  });

  it("creates a show with its season nested and changes it", async () => {
    const show = {
      title: "Dark Season 2",
      showName: "Dark",
      seasonNumber: 2,
      status: "Started",
      tmdbId: 70523,
    };
    const { body } = await write("POST", "/shows", show);
    expect(body).toMatchObject({ title: "Dark", status: "watching", seasons: [{ seasonNumber: 2 }] });
    const changed = await write("PATCH", `/shows/${body.id}`, { status: "completed", id: 99, unknown: 1 });
    expect(changed.body).toMatchObject({ id: body.id, status: "completed" });
    expect(changed.body).not.toHaveProperty("unknown");
  });

  it("wraps and pages lists when told to, until there is no next", async () => {
    sandbox.control.configure({ envelope: true });
    for (const title of ["One", "Two", "Three"]) await write("POST", "/movies", { ...amelie, title });
    const seen: string[] = [];
    let next: string | null = `${sandbox.catalogueUrl}/movies?limit=2`;
    while (next !== null) {
      const { body }: { body: { data: { title: string }[]; links: { next: string | null } } } =
        await call(next);
      seen.push(...body.data.map((movie) => movie.title));
      next = body.links.next;
    }
    expect(seen).toEqual(["Three", "Two", "One"]);
  });

  it("asks writers for the key, and only them", async () => {
    expect((await call(`${sandbox.catalogueUrl}/movies`)).status).toBe(200);
    const none = await write("POST", "/movies", amelie, { apiKey: "" });
    expect([none.status, none.body]).toEqual([400, { error: "Apikey cannot be blank" }]);
    const wrong = await write("POST", "/movies", amelie, { apiKey: "wrong" });
    expect([wrong.status, wrong.body]).toEqual([401, { error: "Invalid apikey" }]);
    expect(sandbox.control.catalogue().movies).toEqual([]);
  });

  it("hides failures behind 200, or shows them when told to", async () => {
    const blank = { ...amelie, title: "  " };
    const hidden = await write("POST", "/movies", blank);
    expect([hidden.status, hidden.body]).toEqual([200, { error: "Title cannot be blank" }]);
    sandbox.control.configure({ errorsAs2xx: false });
    expect((await write("POST", "/movies", blank)).status).toBe(422);
    expect((await write("PATCH", "/movies/999", { loved: true })).status).toBe(404);
  });

  it("keeps a second record of the same viewing unless told to refuse it", async () => {
    await write("POST", "/movies", amelie);
    await write("POST", "/movies", amelie);
    expect(sandbox.control.catalogue().movies).toHaveLength(2);
    sandbox.control.configure({ rejectDuplicates: true });
    const refused = await write("POST", "/movies", { ...amelie, title: "AMÉLIE" });
    expect([refused.status, refused.body]).toEqual([200, { error: "Movie already exists" }]);
    expect((await write("POST", "/movies", { ...amelie, viewingDate: "2025-05-05" })).status).toBe(201);
    expect(sandbox.control.catalogue().movies).toHaveLength(3);
  });

  it("answers the same idempotency key with the same record and refuses it for another body", async () => {
    const headers = { "idempotency-key": "row-1" };
    const answers = await Promise.all([1, 2, 3].map(() => write("POST", "/movies", amelie, headers)));
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(sandbox.control.catalogue().movies).toHaveLength(1);
    expect((await write("POST", "/movies", { ...amelie, loved: true }, headers)).status).toBe(422);
    sandbox.control.configure({ idempotency: false });
    await write("POST", "/movies", amelie, headers);
    expect(sandbox.control.catalogue().movies).toHaveLength(2);
  });

  it("keeps the write whose answer is lost, and gives that record to the retry", async () => {
    sandbox.control.addFault({ service: "catalogue", times: 1, fault: { kind: "lostAnswer" } });
    const headers = { "idempotency-key": "row-2" };
    await expect(write("POST", "/movies", amelie, headers)).rejects.toThrow();
    const [kept] = sandbox.control.catalogue().movies;
    const retry = await write("POST", "/movies", amelie, headers);
    expect(retry.body.id).toBe(kept!.id);
    expect(sandbox.control.catalogue().movies).toHaveLength(1);
    expect(sandbox.control.requests("catalogue").map((request) => request.status)).toEqual([null, 201]);
  });
});
