import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import type { OpenTitle } from "#app/routes/review/load-review.server.ts";
import classes from "#app/routes/review/review.module.css";
import { Facts } from "#app/ui/facts.tsx";
import { formatDay, formatQuantity } from "#app/ui/format.ts";
import { Section } from "#app/ui/page.tsx";

type Place = OpenTitle["first"];

/** The first row that asks for the title, cell by cell, and where the others stand. */
export function RowAsItWas({ open }: { open: OpenTitle }) {
  const { first, others, rows } = open;
  const more = rows - others.length - 1;
  return (
    <Section title="The line as it was">
      <p className={classes.place}>
        <RowLink place={first} />
      </p>
      <Facts facts={first.cells.map(({ column, value }) => ({ label: column, value: value || "–" }))} />
      {others.length > 0 ? (
        <>
          <p className={classes.place}>The same is asked by</p>
          <ul className={classes.places}>
            {others.map((place) => (
              <li key={`${place.jobId} ${place.rowNumber}`}>
                <RowLink place={place} />
                <span className={classes.hint}>{whichOf(place)}</span>
              </li>
            ))}
            {more > 0 ? <li className={classes.hint}>and {formatQuantity(more, "further row")}</li> : null}
          </ul>
        </>
      ) : null}
    </Section>
  );
}

export function RowLink({
  place,
}: {
  place: Pick<Place, "jobId" | "rowNumber" | "lineNumber" | "fileName">;
}) {
  return (
    <Anchor component={Link} to={`/imports/${place.jobId}?row=${place.rowNumber}`}>
      line {place.lineNumber} of {place.fileName}
    </Anchor>
  );
}

/** What tells the row from others of its title: its day, its episode. */
function whichOf({ date, season, episode, episodeTitle }: Omit<Place, "cells">): string {
  return [
    date && formatDay(date),
    season === null ? null : `season ${season}`,
    episode === null ? episodeTitle : `episode ${episode}`,
  ]
    .filter((fact) => fact !== null)
    .join(" · ");
}
