import type { BackfillCost } from "#app/discovery/backfill/cost.ts";
import { type BackfillField, fieldList, MOST_ROWS } from "#app/discovery/backfill/fields.ts";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { formatCount, formatEstimate, formatQuantity } from "#app/ui/format.ts";

export interface StartBackfillProps {
  lacks: readonly BackfillField[];
  mediaType: "movie" | "tv" | null;
  chosen: number;
  cost: BackfillCost;
  /** TMDB's limit: `40 per 10 s` */
  rate: string;
  isOmdbOn: boolean;
  isTmdbOn: boolean;
  isWorkerAlive: boolean;
  /** Address of the remote catalogue, where one is in use. */
  catalogue: string | null;
}

/** Starts the backfill of what is chosen; a second button does the same for the remote catalogue. */
export function StartBackfill(props: StartBackfillProps) {
  const { lacks, mediaType, chosen, catalogue } = props;
  const fields = { intent: "start", lacks: lacks.join(","), kind: mediaType ?? "" };
  const words = fieldList(lacks);
  return (
    <>
      {catalogue ? (
        <ConfirmButton
          fields={{ ...fields, into: "remote" }}
          title={`Fill ${words || "fields"} in the remote catalogue?`}
          text={`The records at ${catalogue} are read, and those that lack ${words} are changed there, field by field. What they have stays as it is.`}
          confirmLabel="Read and fill records"
          disabledReason={whyNot(props, false)}
        >
          Backfill remote catalogue
        </ConfirmButton>
      ) : null}
      <ConfirmButton
        fields={fields}
        title={`Backfill ${formatQuantity(chosen, "work")}?`}
        text={`${costText(props)} ${
          chosen === MOST_ROWS
            ? `The newest ${formatCount(MOST_ROWS)} are taken; start another backfill for the rest. `
            : ""
        }${props.isWorkerAlive ? "" : "No worker is running: it begins when one is."}`}
        confirmLabel={`Backfill ${formatQuantity(chosen, "work")}`}
        tone="primary"
        disabledReason={whyNot(props, true)}
      >
        {chosen > 0 ? `Backfill ${formatQuantity(chosen, "work")}` : "Backfill"}
      </ConfirmButton>
    </>
  );
}

/** What it will cost, in one sentence or two. */
export function costText({
  chosen,
  cost,
  rate,
  isOmdbOn,
}: Pick<StartBackfillProps, "chosen" | "cost" | "rate" | "isOmdbOn">): string {
  const omdb =
    cost.omdbCalls > 0 && isOmdbOn
      ? ` Ratings may take ${formatQuantity(cost.omdbCalls, "OMDb call")} more.`
      : "";
  return `${formatQuantity(chosen, "work")}, at most ${formatQuantity(cost.tmdbCalls, "TMDB call")}, ${formatEstimate(cost.seconds)} at ${rate}.${omdb}`;
}

function whyNot({ lacks, chosen, isTmdbOn }: StartBackfillProps, isLocal: boolean): string | null {
  if (!isTmdbOn) return "TMDB is off: set TMDB_API_KEY and restart";
  if (lacks.length === 0) return "Choose at least one field in the table";
  return isLocal && chosen === 0 ? "No work lacks what is chosen" : null;
}
