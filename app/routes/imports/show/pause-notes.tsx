import { Alert, Anchor } from "@mantine/core";
import { Link } from "react-router";
import type { ImportPause } from "#app/routes/imports/show/load-import.server.ts";
import classes from "#app/routes/imports/show/show.module.css";
import { Ago } from "#app/ui/ago.tsx";
import { PostButton } from "#app/ui/post-button.tsx";

/** Where pauses are kept; its action takes the form from here too. */
const PAUSES = "/queue/pauses";

/** Says that the import, or something it needs, is paused: by whom, why, and how it goes on. */
export function PauseNotes({ pauses }: { pauses: readonly ImportPause[] }) {
  return pauses.map((pause) => (
    <Alert key={pause.id} className={classes.note} color="violet" role="status">
      <div className={classes.noteLine}>
        <span>
          <strong>{pause.isOwn ? "Paused" : `${capitalised(pause.label)} is paused`}</strong> by{" "}
          {pause.pausedBy}, <Ago at={pause.pausedAt} />: {pause.reason}
        </span>
        {pause.isOwn ? (
          <PostButton action={PAUSES} fields={{ intent: "resume", pause: pause.id }}>
            Resume
          </PostButton>
        ) : (
          <Anchor component={Link} to={PAUSES}>
            Show pauses
          </Anchor>
        )}
      </div>
    </Alert>
  ));
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
