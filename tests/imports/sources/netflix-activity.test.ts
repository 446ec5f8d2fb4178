import { describe, expect, it } from "vitest";
import { frozenOptions } from "#app/imports/csv/parse-report.ts";
import { parse, refusal } from "../parse.ts";

const header =
  "Profile Name,Start Time,Duration,Attributes,Title,Supplemental Video Type,Device Type,Bookmark,Latest Bookmark,Country";
const row = (profile: string, start: string, title: string, type = "") =>
  `${profile},${start},00:20:00,,${title},${type},TV,00:20:00,Not latest view,DE (Germany)`;
const file = (...rows: string[]) => [header, ...rows].join("\n");

const household = file(
  row("Anna", "2020-09-26 19:04:11", "Dark: Season 2: The White Devil (Episode 7)"),
  row("Anna", "2020-09-26 18:40:00", "Dark: Season 2: The White Devil (Episode 7)"),
  row("Anna", "2020-09-26 18:39:00", "Season 2 Trailer: Dark", "TRAILER"),
  row("Ben", "2020-09-25 23:59:59", "The Irishman"),
  row("Ben", "2020-09-25 20:00:00", "The Irishman_hook_primary", "HOOK"),
  row("Ben", "2020-09-25 19:00:00", "A behind-the-scenes look", "BEHIND_THE_SCENES"),
);

describe("I-02 Netflix viewing activity", () => {
  it("keeps every record: viewings, and clips that are skipped with their reason", () => {
    const { rows, report } = parse(household);
    expect(report).toMatchObject({
      ...{ format: "netflix-activity", certainty: "sure", totalRows: 6, validRows: 3, invalidRows: 0 },
      ...{ skippedRows: 3, problemCount: 0, skips: [{ code: "NOT_A_VIEWING", count: 3 }] },
      choices: {
        profiles: [
          { name: "Anna", count: 3, chosen: true },
          { name: "Ben", count: 3, chosen: true },
        ],
      },
    });
    expect(rows.map((parsed) => parsed.s)).toEqual([false, false, true, false, true, true]);
    expect(rows[2]).toMatchObject({
      ...{ c: "NOT_A_VIEWING", norm: null, t: null, d: null },
      m: "The row is about a clip that Netflix showed (trailer), not about a viewing.",
    });
    expect(rows[5]?.m).toContain("(behind the scenes)");
    expect(rows[0]?.norm).toMatchObject({
      title: "Dark",
      season: 2,
      episode: 7,
      episodeTitle: "The White Devil",
      date: "2020-09-26",
    });
    expect(report.sample[2]).toMatchObject({
      normalized: null,
      problem: null,
      skip: { code: "NOT_A_VIEWING" },
    });
  });

  it("takes several sittings of a day for one viewing", () => {
    const { rows, report } = parse(household);
    expect(rows[1]?.d).toBe(rows[0]?.d);
    expect(report.duplicateRows).toBe(1);
  });

  it("skips the rows of profiles that were not chosen, and freezes the choice", () => {
    const { rows, report } = parse(household, { profiles: ["Ben"] });
    expect(rows.map((parsed) => parsed.c)).toEqual([
      ...["OTHER_PROFILE", "OTHER_PROFILE", "OTHER_PROFILE", null, "NOT_A_VIEWING", "NOT_A_VIEWING"],
    ]);
    expect(report).toMatchObject({ validRows: 1, skippedRows: 5 });
    expect(report.choices.profiles).toEqual([
      { name: "Anna", count: 3, chosen: false },
      { name: "Ben", count: 3, chosen: true },
    ]);
    const frozen = frozenOptions(report);
    expect(frozen.profiles).toEqual(["Ben"]);
    expect(parse(household, frozen).rows).toEqual(rows);
    expect(frozenOptions(parse(household).report)).not.toHaveProperty("profiles");
  });

  it("refuses profiles that are not there", () => {
    expect(refusal(household, { profiles: ["Cleo"] })).toBe("PROFILE_NOT_FOUND");
    expect(refusal(household, { profiles: [] })).toBe("PROFILE_NOT_FOUND");
    expect(parse(household, { profiles: ["Cleo", "Anna"] }).report.validRows).toBe(2);
  });

  it("names no more than 50 profiles", () => {
    const many = file(...Array.from({ length: 80 }, (_, at) => row(`P${at}`, "2020-09-26 19:04:11", "Mank")));
    expect(parse(many).report.choices.profiles).toHaveLength(50);
    const chosen = parse(many, { profiles: ["P79"] }).report;
    expect(chosen.choices.profiles).toHaveLength(50);
    expect(frozenOptions(chosen).profiles).toEqual(["P79"]);
  });

  it("reads start times as a spreadsheet re-saves them", () => {
    const day = (...starts: string[]) =>
      parse(file(...starts.map((start) => row("Anna", start, "Mank")))).rows.map(
        (parsed) => parsed.norm?.date,
      );
    expect(day("9/26/2020 19:04", "9/5/2020 7:04")).toEqual(["2020-09-26", "2020-09-05"]);
    expect(day("26/09/2020 19:04", "05/09/2020 07:04")).toEqual(["2020-09-26", "2020-09-05"]);
    expect(day("26.09.2020 19:04:00", "05.09.2020 07:04")).toEqual(["2020-09-26", "2020-09-05"]);
    expect(day("9/26/2020 7:04 PM")).toEqual(["2020-09-26"]);
  });

  it("judges trailers of broken rows as broken", () => {
    const { rows, report } = parse(`${household}\nAnna,2020-09-26`);
    expect(rows[6]).toMatchObject({ c: "TOO_FEW_CELLS", s: false });
    expect(report.choices.profiles?.[0]?.count).toBe(3);
  });

  it("refuses a misspelt header", () => {
    expect(refusal(household.replace("Start Time", "Start Tme"))).toBe("HEADER_MISMATCH");
  });
});
