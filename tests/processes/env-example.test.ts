import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { parseConfig } from "#app/config.server.ts";

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
/** Read by compose.yaml, not by us. */
const COMPOSE_ALONE = ["POSTGRES_PASSWORD", "PUBLISHED_PORT"];

describe("The environment's example", () => {
  const example = parseEnv(read(".env.example"));

  it("lists every variable that is read, and no other", () => {
    const known = [...read("app/config.server.ts").matchAll(/^ {4}([A-Z][A-Z0-9_]+):/gm)].map(
      ([, name]) => name,
    );
    expect(known.length).toBeGreaterThan(30);
    expect(Object.keys(example).toSorted()).toEqual([...known, ...COMPOSE_ALONE].toSorted());
  });

  it("changes nothing when it is copied as it is", () => {
    expect(parseConfig(example)).toEqual(parseConfig({}));
  });
});
