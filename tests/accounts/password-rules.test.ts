import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LONGEST_PASSWORD, passwordProblem, SHORTEST_PASSWORD } from "#app/accounts/password-rules.ts";

const email = "anna.weber@example.org";

describe("A-01 password rules", () => {
  test.each([
    ["", /Enter a password/],
    ["seven77", /has 7 characters/],
    ["password", /among the first/],
    ["Password123!", /among the first/],
    ["P@ssw0rd1!", /among the first/],
    ["qwertyuiop", /among the first/],
    ["12345678", /among the first/],
    ["ＰＡＳＳＷＯＲＤ", /among the first/],
    ["aaaabbbbaaaa", /too few characters/],
    ["anna.weber@example.org", /e-mail/],
    ["my anna.weber@example.org", /e-mail/],
    ["anna.weber1984!", /e-mail/],
    ["x".repeat(LONGEST_PASSWORD + 1), /At most/],
  ])("%j is refused", (password, reason) => {
    expect(passwordProblem(password, email)).toMatch(reason);
  });

  test.each([
    "correct horse battery",
    "tr0mbone-Lagoon",
    "Ωμέγα καὶ ἄλφα",
    "🦊🦉🐟🪵🌊🍇🧵🪐",
    `${"long ".repeat(30)}phrase`,
  ])("%j is taken", (password) => {
    expect(passwordProblem(password, email)).toBeNull();
  });

  test("128 random characters of any kind are taken", () => {
    const characters = fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }), {
      minLength: 20,
      maxLength: 128,
    });
    fc.assert(
      fc.property(characters, (drawn) => {
        const varied = `Zq7~${drawn.join("")}w`;
        expect(passwordProblem(varied, email)).toBeNull();
      }),
    );
  });

  test("nothing shorter than the minimum is ever taken", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: SHORTEST_PASSWORD - 1 }), (password) => {
        expect(passwordProblem(password, email)).not.toBeNull();
      }),
    );
  });
});
