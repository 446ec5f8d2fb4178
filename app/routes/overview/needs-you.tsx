import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import type { Attention } from "#app/routes/overview/attention.ts";
import classes from "#app/routes/overview/overview.module.css";
import { Ago } from "#app/ui/ago.tsx";
import { PostButton } from "#app/ui/post-button.tsx";
import { Status } from "#app/ui/status.tsx";

export interface NeedsYouProps {
  attention: readonly Attention[];
  checkedAt: Date;
}

/** What waits for a person, most urgent first, each with its way on; or that nothing does. */
export function NeedsYou({ attention, checkedAt }: NeedsYouProps) {
  if (attention.length === 0)
    return (
      <p className={classes.line}>
        <Status status="success" label="Nothing needs you." />
        <span className={classes.dimmed}>
          Checked <Ago at={checkedAt} />
        </span>
      </p>
    );
  return (
    <ul className={classes.lines}>
      {attention.map(({ key, status, text, link, resume }) => (
        <li key={key} className={classes.line}>
          <span className={classes.sentence}>
            {/* An empty word would leave the dot without a line to stand on. */}
            <Status status={status} label={"\u200b"} />
            <span>{text}</span>
          </span>
          {link ? (
            <Anchor component={Link} to={link.to}>
              {link.label}
            </Anchor>
          ) : null}
          {resume ? (
            <PostButton fields={{ intent: "resume-upstream", service: resume }} tone="quiet">
              Try again now
            </PostButton>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
