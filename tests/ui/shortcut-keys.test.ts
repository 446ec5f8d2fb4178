import { describe, expect, it } from "vitest";
import { readKey } from "#app/ui/shortcut-keys.ts";

const KNOWN = ["j", "k", "?", "/", "g i", "g o", "i"];

describe("UI keyboard", () => {
  it("runs single keys", () => {
    expect(readKey(KNOWN, null, "j")).toEqual({ run: "j" });
    expect(readKey(KNOWN, null, "z")).toBeNull();
  });

  it("waits for the second key of a sequence", () => {
    expect(readKey(KNOWN, null, "g")).toEqual({ pending: "g" });
    expect(readKey(KNOWN, "g", "i")).toEqual({ run: "g i" });
  });

  it("lets a key that ends no sequence mean what it means alone", () => {
    expect(readKey(KNOWN, "g", "j")).toEqual({ run: "j" });
    expect(readKey(KNOWN, null, "i")).toEqual({ run: "i" });
  });
});
