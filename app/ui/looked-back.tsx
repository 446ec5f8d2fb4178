import { Anchor } from "@mantine/core";
import { Link, useLocation } from "react-router";
import { formatQuantity } from "#app/ui/format.ts";
import classes from "#app/ui/looked-back.module.css";
import { Moment } from "#app/ui/moment.tsx";
import { withSearch } from "#app/ui/search-params.ts";

export interface LookedBackProps {
  /** How many were looked through, and what one of them is called: `10000`, `run`. */
  count: number;
  noun: string;
  /** The oldest of them. */
  to: Date;
  /** Where to go on. */
  next: string | null;
}

/** Says that a search was cut short, and leads on. */
export function LookedBack({ count, noun, to, next }: LookedBackProps) {
  const { search } = useLocation();
  return (
    <p className={classes.note}>
      {formatQuantity(count, noun)} were looked through, back to <Moment at={to} />.{" "}
      <Anchor component={Link} to={withSearch(search, { cursor: next })} inherit underline="always">
        Look further back
      </Anchor>
    </p>
  );
}
