import { Fragment, type ReactNode } from "react";
import classes from "#app/ui/facts.module.css";

export interface Fact {
  label: string;
  value: ReactNode;
}

/** What is known of one thing: a definition list, labels left. Facts whose value is null are left out. */
export function Facts({ facts }: { facts: readonly (Fact | null)[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map((fact) =>
        fact === null || fact.value === null || fact.value === undefined ? null : (
          <Fragment key={fact.label}>
            <dt>{fact.label}</dt>
            <dd>{fact.value}</dd>
          </Fragment>
        ),
      )}
    </dl>
  );
}
