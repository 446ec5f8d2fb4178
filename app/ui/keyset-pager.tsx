import { Link, useLocation } from "react-router";
import classes from "#app/ui/pager.module.css";
import { withSearch } from "#app/ui/search-params.ts";

export interface KeysetPagerProps {
  label: string;
  /** Cursor of the page after this one; null on the last. */
  next: string | null;
  /** How many rows this page shows, for `50 rows on this page`. */
  shown: number;
  /** `cursor` when absent. */
  param?: string;
}

/** The way through a list that is paged by cursor, forwards: on to the next page, or back to the first. */
export function KeysetPager({ label, next, shown, param = "cursor" }: KeysetPagerProps) {
  const { search } = useLocation();
  const isFirst = !new URLSearchParams(search).has(param);
  if (isFirst && next === null) return null;
  return (
    <nav className={classes.pager} aria-label={`Pages: ${label}`}>
      <span className={classes.range}>{shown} on this page</span>
      <Step label="First" to={isFirst ? null : withSearch(search, { [param]: null, row: null })} />
      <Step label="Next" to={next === null ? null : withSearch(search, { [param]: next, row: null })} />
    </nav>
  );
}

function Step({ label, to }: { label: string; to: string | null }) {
  if (to === null) return <span className={classes.off}>{label}</span>;
  return (
    <Link className={classes.step} to={to}>
      {label}
    </Link>
  );
}
