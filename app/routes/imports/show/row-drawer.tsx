import { Drawer } from "@mantine/core";
import { useEffect, useRef } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { Candidates } from "#app/routes/imports/show/candidates.tsx";
import type { ImportPageJob } from "#app/routes/imports/show/load-import.server.ts";
import type { RowDetailData } from "#app/routes/imports/show/load-row-detail.server.ts";
import { RowDetail } from "#app/routes/imports/show/row-detail.tsx";
import type { RowLine } from "#app/routes/imports/show/row-line.ts";
import classes from "#app/routes/imports/show/show.module.css";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { withSearch } from "#app/ui/search-params.ts";
import { useShortcut } from "#app/ui/shortcuts.tsx";
import { Status } from "#app/ui/status.tsx";
import { usePost } from "#app/ui/use-post.ts";

export interface RowDrawerProps {
  /** Number of the row that the URL names; null: closed. */
  openRow: number | null;
  /** Null when the import has no such row. */
  detail: RowDetailData | null;
  /** The rows on screen, whose order previous and next follow. */
  lines: readonly RowLine[];
  job: ImportPageJob;
}

/** One row with all that is known of it, beside the table; it stands in the URL. */
export function RowDrawer({ openRow, detail, lines, job }: RowDrawerProps) {
  const { search } = useLocation();
  const navigate = useNavigate();
  const close = () => navigate(withSearch(search, { row: null }), { preventScrollReset: true });
  return (
    <Drawer
      opened={openRow !== null}
      onClose={close}
      lockScroll={false}
      overlayProps={{ backgroundOpacity: 0.15 }}
      closeButtonProps={{ "aria-label": "Close" }}
      title={detail ? <DrawerTitle detail={detail} /> : "Row"}
    >
      {openRow === null ? null : <Body openRow={openRow} detail={detail} lines={lines} job={job} />}
    </Drawer>
  );
}

function Body({ openRow, detail, lines, job }: RowDrawerProps & { openRow: number }) {
  if (detail) return <Loaded detail={detail} lines={lines} job={job} />;
  return (
    <EmptyState kind="yet" title={`This import has no row ${openRow}`}>
      It has rows 1 to {job.totalRows}.
    </EmptyState>
  );
}

function DrawerTitle({ detail }: { detail: RowDetailData }) {
  return (
    <span className={classes.drawerTitle}>
      Line {detail.lineNumber} <Status status={detail.status} />
    </span>
  );
}

interface LoadedProps {
  detail: RowDetailData;
  lines: readonly RowLine[];
  job: ImportPageJob;
}

function Loaded({ detail, lines, job }: LoadedProps) {
  const { search } = useLocation();
  const navigate = useNavigate();
  const { previous, next } = neighbours(detail.rowNumber, lines, job.totalRows);
  const to = (row: number) => withSearch(search, { row });
  const open = (row: number | null) => {
    if (row === null) return;
    heading.current = row;
    navigate(to(row), { preventScrollReset: true });
  };
  // Two quick presses go two rows on, although the first of them is not loaded yet.
  const heading = useRef(detail.rowNumber);
  useEffect(() => {
    heading.current = detail.rowNumber;
  }, [detail.rowNumber]);
  const step = (direction: "previous" | "next") =>
    open(neighbours(heading.current, lines, job.totalRows)[direction]);
  useShortcut({ keys: "k", label: "Previous row", run: () => step("previous") });
  useShortcut({ keys: "j", label: "Next row", run: () => step("next") });
  // The decided row moves in the table, so what comes after it is remembered when it is sent.
  const following = useRef<number | null>(null);
  const post = usePost((answer) => {
    if (!answer.error) open(following.current);
  }, `decide:${job.id}:${detail.rowNumber}`);
  return (
    <div className={classes.drawer}>
      <nav className={classes.steps} aria-label="Rows">
        <Step label="Previous" keys="k" to={previous === null ? null : to(previous)} />
        <Step label="Next" keys="j" to={next === null ? null : to(next)} />
      </nav>
      <RowDetail detail={detail} job={job}>
        {detail.candidates.length > 0 || detail.status === "review" ? (
          <Candidates
            key={detail.rowNumber}
            rowNumber={detail.rowNumber}
            candidates={detail.candidates}
            reviewHref={detail.reviewKey && `/review?${new URLSearchParams({ title: detail.reviewKey })}`}
            canPick={detail.status === "review"}
            onSend={() => {
              following.current = next;
            }}
            post={post}
          />
        ) : null}
      </RowDetail>
    </div>
  );
}

/** Before and after in the order of the table; by number when the row is not in it. */
function neighbours(rowNumber: number, lines: readonly RowLine[], totalRows: number) {
  const at = lines.findIndex((line) => line.rowNumber === rowNumber);
  if (at !== -1)
    return { previous: lines[at - 1]?.rowNumber ?? null, next: lines[at + 1]?.rowNumber ?? null };
  return {
    previous: rowNumber > 1 ? rowNumber - 1 : null,
    next: rowNumber < totalRows ? rowNumber + 1 : null,
  };
}

function Step({ label, keys, to }: { label: string; keys: string; to: string | null }) {
  const title = to === null ? "There is none on this page of rows" : `${label} row (${keys})`;
  if (to === null)
    return (
      <span className={classes.off} title={title}>
        {label}
      </span>
    );
  return (
    <Link to={to} preventScrollReset title={title}>
      {label}
    </Link>
  );
}
