import { describe, expect, it } from "vitest";
import { jsonText } from "#app/ui/json-text.ts";

describe("UI JSON", () => {
  it("keeps every digit of large numbers", () => {
    expect(jsonText({ id: 9_007_199_254_740_993n })).toBe('{\n  "id": 9007199254740993\n}');
  });

  it("writes something for what JSON has no word for", () => {
    expect(jsonText(undefined)).toBe("null");
    expect(jsonText("bigint:7")).toBe('"bigint:7"');
  });
});
