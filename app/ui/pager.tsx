import { Link, useLocation } from "react-router";
import { formatCount } from "#app/ui/format.ts";
import classes from "#app/ui/pager.module.css";
import { withSearch } from "#app/ui/search-params.ts";

export type Paging =
  | {
      /** Numbered pages, from 1. */
      page: number;
      pageSize: number;
      total: number;
      /** `page` when absent. */
      param?: string;
    }
  | {
      /** Pages that follow a cursor: null where there is none in that direction. */
      newer: string | null;
      older: string | null;
      /** `cursor` when absent. */
      param?: string;
      /** The newer page is the first, which has no cursor. */
      newerIsFirst?: boolean;
    };

export interface PagerProps {
  label: string;
  paging: Paging;
}

/** Where one is in a long list, and the way on. */
export function Pager({ label, paging }: PagerProps) {
  const { search } = useLocation();
  if (!("page" in paging)) {
    const param = paging.param ?? "cursor";
    const newer = paging.newerIsFirst ? "" : paging.newer;
    return (
      <nav className={classes.pager} aria-label={`Pages: ${label}`}>
        <Step label="Newer" to={newer === null ? null : withSearch(search, { [param]: newer })} />
        <Step
          label="Older"
          to={paging.older === null ? null : withSearch(search, { [param]: paging.older })}
        />
      </nav>
    );
  }
  const { page, pageSize, total, param = "page" } = paging;
  const pages = Math.max(1, Math.ceil(total / pageSize));
  const to = (target: number) => withSearch(search, { [param]: target === 1 ? null : target });
  const first = (page - 1) * pageSize + 1;
  const range = `${formatCount(first)}–${formatCount(Math.min(total, page * pageSize))} of ${formatCount(total)}`;
  return (
    <nav className={classes.pager} aria-label={`Pages: ${label}`}>
      <span className={classes.range}>{page > pages ? `No page ${formatCount(page)}` : range}</span>
      {pages > 1 || page > pages ? (
        <>
          <Step label="First" to={page > 1 ? to(1) : null} />
          <Step label="Previous" to={page > 1 ? to(Math.min(page - 1, pages)) : null} />
          <Step label="Next" to={page < pages ? to(page + 1) : null} />
          <Step label="Last" to={page < pages ? to(pages) : null} />
        </>
      ) : null}
    </nav>
  );
}

function Step({ label, to }: { label: string; to: string | null }) {
  if (to === null) return <span className={classes.off}>{label}</span>;
  return (
    <Link className={classes.step} to={to} preventScrollReset>
      {label}
    </Link>
  );
}
