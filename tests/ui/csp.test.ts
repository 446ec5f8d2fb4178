import { describe, expect, it } from "vitest";
import { contentSecurityPolicy, createNonce } from "#app/ui/csp.ts";

function directives(policy: string): Map<string, string[]> {
  return new Map(
    policy.split("; ").map((directive) => [directive.split(" ")[0]!, directive.split(" ").slice(1)]),
  );
}

describe("A-03 content security policy", () => {
  it("lets in scripts of ours and with the nonce alone", () => {
    const policy = directives(contentSecurityPolicy("abc"));
    expect(policy.get("script-src")).toEqual(["'self'", "'nonce-abc'"]);
    expect(policy.get("style-src")).toEqual(["'self'", "'nonce-abc'"]);
    expect(policy.get("object-src")).toEqual(["'none'"]);
    expect(policy.get("base-uri")).toEqual(["'none'"]);
    expect(policy.get("frame-ancestors")).toEqual(["'none'"]);
    expect(policy.get("form-action")).toEqual(["'self'"]);
  });

  it("never lets in inline scripts, in development either", () => {
    for (const dev of [true, false]) {
      const scripts = directives(contentSecurityPolicy("abc", { dev })).get("script-src");
      expect(scripts).not.toContain("'unsafe-inline'");
      expect(scripts).not.toContain("'unsafe-eval'");
    }
  });

  it("adds the image origins that are configured, each once", () => {
    const policy = contentSecurityPolicy("abc", {
      imageOrigins: ["http://127.0.0.1:4001", "https://image.tmdb.org"],
    });
    expect(directives(policy).get("img-src")).toEqual([
      "'self'",
      "data:",
      "https://image.tmdb.org",
      "http://127.0.0.1:4001",
    ]);
  });

  it("makes a different nonce of 128 bits each time", () => {
    const nonces = new Set(Array.from({ length: 100 }, createNonce));
    expect(nonces.size).toBe(100);
    for (const nonce of nonces) expect(Buffer.from(nonce, "base64").length).toBe(16);
  });
});
