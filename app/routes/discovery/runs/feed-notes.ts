import { z } from "zod";
import { formatDay } from "#app/ui/format.ts";

const reading = z.object({ stoppedAt: z.iso.date().nullable() }).nullish().catch(null);
const withFeeds = z.object({ feeds: z.object({ movie: reading, tv: reading }) });

/** A sentence for each change feed of which a refresh left days for later. */
export function feedNotes(parameters: unknown): string[] {
  const read = withFeeds.safeParse(parameters);
  if (!read.success) return [];
  const { movie, tv } = read.data.feeds;
  return [
    { kind: "films", stoppedAt: movie?.stoppedAt },
    { kind: "series", stoppedAt: tv?.stoppedAt },
  ].flatMap(({ kind, stoppedAt }) =>
    stoppedAt
      ? [
          `The change feed of ${kind} was not read from ${formatDay(stoppedAt)} on: it would have taken more than a quarter of the calls that were left for the day. The next refresh goes on from there.`,
        ]
      : [],
  );
}
