import { Alert } from "@mantine/core";
import { Form, useNavigation } from "react-router";
import type { ImportPageJob } from "#app/routes/imports/show/load-import.server.ts";
import classes from "#app/routes/imports/show/show.module.css";
import { ErrorText } from "#app/ui/error-text.tsx";
import { ReasonedButton } from "#app/ui/post-button.tsx";

export interface DryRunNoteProps {
  job: ImportPageJob;
  /** Why the real import could not be started. */
  error: { code: string; message: string } | undefined;
}

/**
 * Says that nothing was written, and leads on to the real import of the same file. A form that navigates, not a fetcher's:
 * React Router drops a fetcher's redirect when a live update begins while it is under way.
 */
export function DryRunNote({ job, error }: DryRunNoteProps) {
  const starting = useNavigation().formData?.get("intent") === "import-for-real";
  return (
    <Alert className={classes.note}>
      <div className={classes.noteLine}>
        <span>
          <strong>Dry run: nothing {job.isFinished ? "was" : "is"} written.</strong> Each row says what the
          import would do.
        </span>
        <Form method="post">
          <input type="hidden" name="intent" value="import-for-real" />
          <ReasonedButton
            tone={job.isFinished ? "primary" : "default"}
            loading={starting}
            disabledReason={job.isFinished ? null : "The dry run is not finished yet"}
          >
            Import for real
          </ReasonedButton>
        </Form>
      </div>
      {error && !starting ? <ErrorText announce code={error.code} message={error.message} /> : null}
    </Alert>
  );
}
