import { generatedFilms } from "#sandbox/titles/generated.ts";

/**
 * A Letterboxd `watched` export of the sandbox's synthetic films, each seen once, on a day of its own row.
 *
 * @param rows one distinct title each
 */
export function generatedExport(rows: number): Uint8Array<ArrayBuffer> {
  const lines = ["Date,Name,Year,Letterboxd URI"];
  let index = 0;
  for (const film of generatedFilms(rows)) {
    lines.push(
      `${dayOf(index)},"${film.title}",${film.released.slice(0, 4)},https://boxd.it/${index.toString(36)}`,
    );
    index++;
  }
  return new TextEncoder().encode(`${lines.join("\n")}\n`);
}

function dayOf(index: number): string {
  return new Date(Date.UTC(2015, 0, 1 + (index % 3_650))).toISOString().slice(0, 10);
}
