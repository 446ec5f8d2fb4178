import type { ParseReport } from "#app/imports/csv/parse-report.ts";
import classes from "#app/routes/imports/new/new.module.css";
import { formatCount, formatQuantity } from "#app/ui/format.ts";

/** Rows that cannot be used as they are, by line. They fail, and the others go on. */
export function Problems({ report }: { report: ParseReport }) {
  const { problems, problemCount } = report;
  if (problemCount === 0) return null;
  const rest = problemCount - problems.length;
  return (
    <>
      <h3 className={classes.heading}>{heading(problemCount)}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to reach it */}
      <ul className={classes.problems} tabIndex={0} aria-label="Problems by line">
        {problems.map(({ rowNumber, lineNumber, message }) => (
          <li key={rowNumber}>
            <span className={classes.line}>line {formatCount(lineNumber)}</span>
            <span>{message}</span>
          </li>
        ))}
        {rest > 0 ? <li className={classes.dimmed}>and {formatCount(rest)} more of these</li> : null}
      </ul>
    </>
  );
}

function heading(count: number): string {
  return count === 1
    ? "1 row cannot be used as it is; the others are imported all the same"
    : `${formatQuantity(count, "row")} cannot be used as they are; the others are imported all the same`;
}
