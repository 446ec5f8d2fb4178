import { Anchor, NativeSelect } from "@mantine/core";
import { Link } from "react-router";
import type { RepairCheck, RepairPlan } from "#app/imports/corrections/repair/repair-plan.ts";
import classes from "#app/routes/imports/new/new.module.css";
import { Ago } from "#app/ui/ago.tsx";
import { formatCount, formatMoment, formatQuantity } from "#app/ui/format.ts";

interface RepairProps {
  repair: RepairCheck;
  /** With an import's id, or `no` for an import of its own. */
  onChoose: (repairs: string) => void;
}

/** A corrected failed-rows file: which import it repairs, how many of its rows, and the lines that replace nothing. */
export function Repair({ repair: { candidates, plan }, onChoose }: RepairProps) {
  return (
    <>
      <h3 className={classes.heading}>
        {plan ? "A corrected file" : "Corrected rows as an import of their own"}
      </h3>
      {plan ? <Sentence plan={plan} /> : null}
      <div className={classes.selects}>
        <NativeSelect
          label="Repairs"
          value={plan?.job.id ?? "no"}
          data={[
            ...candidates.map(({ id, fileName, createdAt }) => ({
              value: id,
              label: `${fileName}, ${formatMoment(createdAt)}`,
            })),
            { value: "no", label: "Nothing: an import of its own" },
          ]}
          onChange={(event) => onChoose(event.currentTarget.value)}
        />
      </div>
      {plan ? <Refused plan={plan} /> : null}
    </>
  );
}

function Sentence({ plan: { job, replaces, unchanged } }: { plan: RepairPlan }) {
  return (
    <p>
      This is a corrected file of{" "}
      <Anchor component={Link} to={`/imports/${job.id}`} underline="always">
        {job.fileName}
      </Anchor>{" "}
      (uploaded <Ago at={job.createdAt} />
      {job.uploadedBy ? ` by ${job.uploadedBy}` : ""}): it repairs {formatQuantity(replaces, "failed row")}.
      {unchanged > 0
        ? ` ${formatQuantity(unchanged, "line")} say what they said before, so their rows stay failed.`
        : ""}
    </p>
  );
}

function Refused({ plan: { refused, refusedCount } }: { plan: RepairPlan }) {
  if (refusedCount === 0) return null;
  const rest = refusedCount - refused.length;
  return (
    <>
      <h3 className={classes.heading}>{formatQuantity(refusedCount, "line")} that replace no failed row</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to reach it */}
      <ul className={classes.problems} tabIndex={0} aria-label="Lines that replace nothing">
        {refused.map(({ lineNumber, message }) => (
          <li key={lineNumber}>
            <span className={classes.line}>line {formatCount(lineNumber)}</span>
            <span>{message}</span>
          </li>
        ))}
        {rest > 0 ? <li className={classes.dimmed}>and {formatCount(rest)} more of these</li> : null}
      </ul>
    </>
  );
}
