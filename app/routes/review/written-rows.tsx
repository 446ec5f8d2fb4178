import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import type { OpenTitle } from "#app/routes/review/load-review.server.ts";
import classes from "#app/routes/review/review.module.css";
import { RowLink } from "#app/routes/review/row-as-it-was.tsx";
import { formatQuantity } from "#app/ui/format.ts";
import { Section } from "#app/ui/page.tsx";

/** Rows of this title that an earlier decision has written, and that a new one does not change. */
export function WrittenRows({ written }: Pick<OpenTitle, "written">) {
  const { rows, total } = written;
  if (total === 0) return null;
  return (
    <Section title="Written by an earlier decision">
      <p className={classes.place}>
        {total === 1 ? "This row stays" : `These ${total} rows stay`} in the catalogue whatever is decided
        now: something else has touched what was written, or it stands in a remote catalogue. Correct it on
        the page of the work, or undo the whole import.
      </p>
      <ul className={classes.places}>
        {rows.map((row) => (
          <li key={`${row.jobId} ${row.rowNumber}`}>
            <RowLink place={row} />
            {row.workId ? (
              <Anchor component={Link} to={`/library/${row.workId}`}>
                {row.workTitle ?? `work ${row.workId}`}
              </Anchor>
            ) : null}
          </li>
        ))}
        {total > rows.length ? (
          <li className={classes.hint}>and {formatQuantity(total - rows.length, "further row")}</li>
        ) : null}
      </ul>
    </Section>
  );
}
