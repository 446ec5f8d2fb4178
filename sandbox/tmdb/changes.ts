import { type Answer, json } from "../answer.ts";
import { dayOf, daysBetween, isDay } from "./days.ts";
import type { TitleEdits } from "./edits.ts";
import { tmdbError } from "./errors.ts";
import { pageNumber } from "./pages.ts";

const PER_PAGE = 100;
const LONGEST_WINDOW = 14;
/**
 * Everybody else's changes fall on the last synthetic films, where no test and hardly any import looks; of series, which are
 * none of them synthetic, on ids that nobody has.
 */
const LAST_OTHER_ID = 10_999_999;
const OTHER_IDS = 50_000;
const GONE_EVERY = 53;

type Change = { id: number; adult: boolean | null };

/** The titles that change on a day for reasons of their own: `count` of them, the same for the same day. */
function othersOn(day: string, count: number): Change[] {
  const seed = daysBetween("2000-01-01", day) * 7919;
  return Array.from({ length: count }, (_, at) => ({
    id: LAST_OTHER_ID - ((seed + at) % OTHER_IDS),
    adult: at % GONE_EVERY === GONE_EVERY - 1 ? null : false,
  }));
}

/**
 * GET /movie/changes and /tv/changes: ids that changed from `start_date` to `end_date`, 100 a page, the last 24 hours when neither is given.
 * A window over 14 days is 422 code 20, a date that is none 400 code 23, a page over 500 400 code 22.
 */
export function changeFeed(
  query: URLSearchParams,
  world: { edits: TitleEdits; now: number; changesPerDay: number },
): Answer {
  const page = pageNumber(query);
  if (page === null) return tmdbError(22);
  const end = query.get("end_date") ?? dayOf(world.now);
  if (!isDay(end)) return tmdbError(23);
  const start = query.get("start_date") ?? dayOf(Date.parse(end), -1);
  if (!isDay(start)) return tmdbError(23);
  const days = daysBetween(start, end);
  if (days < 0 || days > LONGEST_WINDOW) return tmdbError(20);
  const ours = world.edits
    .changedIn(start, end)
    .map(({ id, gone }): Change => ({ id, adult: gone ? null : false }));
  const others = Array.from({ length: days + 1 }, (_, back) =>
    othersOn(dayOf(Date.parse(end), -back), world.changesPerDay),
  ).flat();
  const unique = [...new Map([...others, ...ours].map((change) => [change.id, change])).values()];
  return json(200, {
    results: unique
      .slice((page - 1) * PER_PAGE, page * PER_PAGE)
      .map((change) => ({ ...change, softcore: change.adult === null ? null : false })),
    page,
    total_pages: Math.max(1, Math.ceil(unique.length / PER_PAGE)),
    total_results: unique.length,
  });
}
