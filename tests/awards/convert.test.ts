import { expect, it } from "vitest";
import { compareWithEvent, convertList } from "#app/awards/convert/convert-list.server.ts";
import { storeEdition } from "#app/awards/imports/store-edition.server.ts";
import { storeListPage } from "#app/awards/imports/store-list-page.server.ts";
import { findList } from "#app/awards/lists/lists.server.ts";
import { edition, entry, listPage, nomination, title } from "#tests/awards/pages.ts";
import { testDatabase } from "#tests/setup/database.ts";

const { db } = await testDatabase();

it("L-07 an award list gives way to an event after the two were compared, and keeps its titles", async () => {
  const list = await findList(db, "ls527026601");
  const page = listPage([entry(1, "tt0000001", "Won"), entry(2, "tt0000002", "Only here")]);
  await db.transaction().execute((trx) => storeListPage(trx, list, "1", page));
  const convert = () => db.transaction().execute((trx) => convertList(trx, list, "ev0000003"));
  await expect(convert()).rejects.toMatchObject({ code: "NOTHING_TO_COMPARE" });

  const oscars = await findList(db, "oscars_2024");
  const nominations = [
    nomination({ isWinner: true, titles: [title("tt0000001", "Won")] }),
    nomination({ titles: [title("tt0000003", "Nominated")] }),
  ];
  await db
    .transaction()
    .execute((trx) => storeEdition(trx, oscars, edition({ "Best Picture": nominations })));
  const sides = async (winnersOnly: boolean) =>
    (await compareWithEvent(db, list, "ev0000003", winnersOnly)).rows.map((row) => [row.imdbId, row.side]);
  const inList = [
    ["tt0000001", "both"],
    ["tt0000002", "list"],
  ];
  expect(await sides(true)).toEqual(inList);
  expect(await sides(false)).toEqual([...inList, ["tt0000003", "event"]]);
  // Comparing has changed nothing.
  expect(await findList(db, "ls527026601")).toEqual(list);

  expect(await convert()).toBe("oscars_2024");
  expect(await findList(db, "ls527026601")).toMatchObject({
    active: false,
    metadata: { converted_to: "oscars_2024" },
  });
  expect(await findList(db, "oscars_2024")).toMatchObject({
    active: true,
    metadata: { converted_from: "ls527026601" },
  });
  expect(await sides(true)).toEqual(inList);
});
