import { Alert, Anchor } from "@mantine/core";
import { Link } from "react-router";
import { isUndoRunning } from "#app/imports/undo/undo-reasons.ts";
import type { ImportPageJob } from "#app/routes/imports/show/load-import.server.ts";
import classes from "#app/routes/imports/show/show.module.css";
import { Ago } from "#app/ui/ago.tsx";
import { formatCount, formatQuantity } from "#app/ui/format.ts";

/** Says that what this import made is taken back, or was; its rows stay for reading. */
export function UndoNote({ job }: { job: ImportPageJob }) {
  const { undoStatus, undoRemoved, undoLeft, undoTotal, undoneAt, undoRequestedBy } = job;
  if (undoStatus === null) return null;
  const by = undoRequestedBy ? ` by ${undoRequestedBy}` : "";
  return (
    <Alert className={classes.note} role="status">
      <div className={classes.noteLine}>
        <span>
          {isUndoRunning(undoStatus) ? (
            <>
              <strong>It is being undone{by}:</strong> {formatCount(undoRemoved + undoLeft)} of{" "}
              {formatQuantity(undoTotal, "record")}.
            </>
          ) : (
            <>
              <strong>{undoStatus === "failed" ? "Undoing it was broken off" : `Undone${by}`}</strong>
              {undoneAt ? (
                <>
                  , <Ago at={undoneAt} />
                </>
              ) : null}
              : {formatQuantity(undoRemoved, "record")} removed, {formatCount(undoLeft)} left. Rows are shown
              as they were.
            </>
          )}
        </span>
        <Anchor component={Link} to={`/imports/${job.id}/undo`}>
          Show what was undone
        </Anchor>
      </div>
    </Alert>
  );
}
