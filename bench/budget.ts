import { setTimeout as delay } from "node:timers/promises";
import { pollUntil } from "#tests/drills/poll-until.ts";
import { atLeast, atMost, type Figure, shown } from "./figure.ts";
import { LIMIT, openLimitedDesk } from "./limited-desk.ts";
import { mostInAnyWindow } from "./most-in-any-window.ts";

const FOR_MS = 60_000;
/** More titles than the budget can look up in that time: work always waits. */
const ROWS = 1_000;

/** Two worker processes before one strict limit: how much of it they use, and that they never break it. */
export async function measureBudget(): Promise<Figure[]> {
  const { desk, close } = await openLimitedDesk("budget");
  const tmdb = () => desk.sandbox.control.requests("tmdb");
  try {
    await Promise.all([desk.startWorker(), desk.startWorker()]);
    await desk.takeIn(ROWS);
    const [first] = await pollUntil("TMDB is asked", async () => tmdb().length > 0 && tmdb(), FOR_MS);
    const from = first?.at ?? 0;
    await delay(FOR_MS);
    const requests = tmdb().filter((request) => request.at < from + FOR_MS);
    const taken = requests.filter((request) => request.status !== 429).length;
    const refused = requests.length - taken;
    const perTitle = callsPerTitle(requests);
    return [
      shown("requests in 60 s", requests.length, "requests"),
      atLeast("of the limit used", (100 * taken) / ((LIMIT.requests * FOR_MS) / LIMIT.perMs), 90, "%", 1),
      atMost(
        "most requests in any 10 s",
        mostInAnyWindow(
          requests.map((one) => one.at),
          LIMIT.perMs,
        ),
        LIMIT.requests,
        "requests",
        0,
      ),
      atMost("answers 429", refused, 0, "answers", 0),
      atMost("TMDB calls per distinct title, worst", Math.max(...perTitle), 2, "calls", 0),
      shown("distinct titles asked for", perTitle.length, "titles"),
    ];
  } finally {
    await close();
  }
}

/** The number at the end of a synthetic film's title is the end of its id, so searches and details come together. */
function callsPerTitle(requests: { path: string; query: Record<string, string> }[]): number[] {
  const calls = new Map<number, number>();
  for (const { path, query } of requests) {
    const digits = query.query?.split(" ").at(-1) ?? path.split("/").at(-1)?.slice(-7) ?? "";
    const film = Number(digits);
    if (Number.isInteger(film)) calls.set(film, (calls.get(film) ?? 0) + 1);
  }
  return [...calls.values()];
}
