import { Alert } from "@mantine/core";
import type { ImportPageJob } from "#app/routes/imports/show/load-import.server.ts";
import classes from "#app/routes/imports/show/show.module.css";
import { PostButton } from "#app/ui/post-button.tsx";

/** Says that nothing was written, and leads on to the real import of the same file. */
export function DryRunNote({ job }: { job: ImportPageJob }) {
  return (
    <Alert className={classes.note}>
      <div className={classes.noteLine}>
        <span>
          <strong>Dry run: nothing {job.isFinished ? "was" : "is"} written.</strong> Each row says what the
          import would do.
        </span>
        <PostButton
          fields={{ intent: "import-for-real" }}
          tone={job.isFinished ? "primary" : "default"}
          disabledReason={job.isFinished ? null : "The dry run is not finished yet"}
        >
          Import for real
        </PostButton>
      </div>
    </Alert>
  );
}
