import { Link, useLocation } from "react-router";
import classes from "#app/ui/filter-chips.module.css";
import { formatCount } from "#app/ui/format.ts";
import { withSearch } from "#app/ui/search-params.ts";
import { Status, type StatusName } from "#app/ui/status.tsx";

export interface FilterChip {
  /** The value in the URL; null is the default, which stays out of it. */
  value: string | null;
  label: string;
  count?: number;
  status?: StatusName;
}

export interface FilterChipsProps {
  /** What is filtered: `Rows by status`. */
  label: string;
  param: string;
  /** The value in force; null when the default is. */
  current: string | null;
  chips: readonly FilterChip[];
}

/** Counters that filter: each a link that changes one parameter, keeps the others and goes back to the first page. */
export function FilterChips({ label, param, current, chips }: FilterChipsProps) {
  const { search } = useLocation();
  return (
    <nav aria-label={label}>
      <ul className={classes.chips}>
        {chips.map((chip) => (
          <li key={chip.value ?? ""}>
            <Link
              className={classes.chip}
              to={withSearch(search, {
                [param]: chip.value === current ? null : chip.value,
                page: null,
                cursor: null,
              })}
              aria-current={chip.value === current ? "true" : undefined}
              preventScrollReset
            >
              {chip.status ? (
                <Status status={chip.status} label={chip.label} count={chip.count} />
              ) : (
                <>
                  {chip.count === undefined ? null : (
                    <span className={classes.count}>{formatCount(chip.count)}</span>
                  )}
                  <span>{chip.label}</span>
                </>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
