import { Alert, Anchor } from "@mantine/core";
import { Link } from "react-router";
import type { ImportPause } from "#app/routes/imports/show/load-import.server.ts";
import classes from "#app/routes/imports/show/show.module.css";
import { Ago } from "#app/ui/ago.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";
import { HiddenFields, ReasonedButton } from "#app/ui/post-button.tsx";
import { usePost } from "#app/ui/use-post.ts";

/** Where pauses are kept; its action takes the form from here too. */
const PAUSES = "/queue/pauses";

/**
 * Says that the import, or something it needs, is paused: by whom, why, and how it goes on. Stays on the page without any pause:
 * a live update may take the note away before the answer to its button has come, and that is to be shown.
 */
export function PauseNotes({ pauses }: { pauses: readonly ImportPause[] }) {
  const { fetcher, pending, error } = usePost(() => {});
  return (
    <>
      {error ? <ErrorText announce code={error.code} message={error.message} /> : null}
      {pauses.map((pause) => (
        <Alert key={pause.id} className={classes.note} color="violet" role="status">
          <div className={classes.noteLine}>
            <span>
              <strong>{pause.isOwn ? "Paused" : `${capitalised(pause.label)} is paused`}</strong> by{" "}
              {pause.pausedBy}, <Ago at={pause.pausedAt} />: {pause.reason}
            </span>
            {pause.isOwn ? (
              <fetcher.Form method="post" action={PAUSES}>
                <HiddenFields fields={{ intent: "resume", pause: pause.id }} />
                <ReasonedButton loading={pending}>Resume</ReasonedButton>
              </fetcher.Form>
            ) : (
              <Anchor component={Link} to={PAUSES}>
                Show pauses
              </Anchor>
            )}
          </div>
        </Alert>
      ))}
    </>
  );
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
