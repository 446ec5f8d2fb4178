import { describe, expect, test } from "vitest";
import { operations } from "#app/routes/api/operations.ts";
import { apiGuide } from "#app/routes/docs/api-guide.server.ts";
import routes from "#app/routes.ts";
import { startWebApp } from "#tests/api/web-app.ts";

const app = await startWebApp();

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, unknown> }>>;
  components: { schemas: Record<string, unknown> };
}

const fetchDocument = async (): Promise<Document> => (await app.call("/openapi.json")).json();

describe("the API's description", () => {
  test("is OpenAPI 3.1, for machines and operators, and for nobody else", async () => {
    expect((await fetchDocument()).openapi).toBe("3.1.0");
    expect((await app.browse("/openapi.json")).status).toBe(200);
    expect((await fetch(`${app.origin}/openapi.json`, { redirect: "manual" })).status).toBe(302);
  });

  test("every reference leads somewhere", async () => {
    const document = await fetchDocument();
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(10);
    for (const [, name] of references) expect(Object.keys(document.components.schemas)).toContain(name);
  });

  test("describes exactly the doors that there are", async () => {
    const { paths } = await fetchDocument();
    const described = Object.keys(paths).sort();
    const doors = routes
      .filter(({ file, path }) => /^routes\/(api|health)\//.test(file) && !path?.endsWith("*"))
      .map(({ path }) => `/${path?.replace(/:(\w+)/g, "{$1}")}`)
      .flatMap((path) =>
        path === "/bulk-import/{type}" ? ["/bulk-import/movies", "/bulk-import/shows"] : [path],
      )
      .filter((path) => path !== "/openapi.json")
      .sort();
    expect(described).toEqual(doors);
  });

  test("each described operation is there, and no other method beside it", async () => {
    const methodsOf = (path: string) =>
      operations.filter((each) => each.path === path).map(({ method }) => method.toUpperCase());
    for (const path of new Set(operations.map((each) => each.path))) {
      const address = path
        .replace("{jobId}", "00000000-0000-4000-8000-000000000000")
        .replace("{id}", "999999999");
      const methods = methodsOf(path);
      for (const method of methods)
        expect([path, (await app.call(address, { method })).status]).not.toEqual([path, 405]);
      const other = ["GET", "POST", "PATCH"].find((method) => !methods.includes(method));
      const absent = await app.call(address, { method: other!, headers: { origin: app.origin } });
      expect([path, absent.status, absent.headers.get("allow")]).toEqual([
        path,
        405,
        methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])).join(", "),
      ]);
    }
  });

  test("every operation has an id of its own, its errors, and a call to copy", () => {
    const guide = apiGuide("https://desk.example", "1.0.0");
    expect(new Set(guide.map(({ id }) => id)).size).toBe(operations.length);
    for (const { curl, path } of guide) {
      expect(curl).toMatch(/^curl /);
      expect(curl).toContain(
        `https://desk.example${path.replace("{jobId}", "$JOB_ID").replace("{id}", "$ID")}`,
      );
    }
    expect(guide[0]!.fields).toMatchObject([
      { name: "Idempotency-Key", place: "header" },
      { name: "file", place: "form", type: "file" },
      { name: "source", fallback: "auto" },
      { name: "dryRun", type: "boolean", fallback: "false" },
      { name: "skipDuplicates", type: "boolean", fallback: "true" },
      { name: "repairs", fallback: "auto" },
    ]);
  });
});
