import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "react-router";
import type { OwnDecision } from "#app/imports/review/decisions.server.ts";
import classes from "#app/routes/review/review.module.css";
import { Kbd } from "#app/ui/kbd.tsx";
import { useShortcut } from "#app/ui/shortcuts.tsx";
import { usePost } from "#app/ui/use-post.ts";

/** Undoes the operator's last decision and opens its title again. Pressed once more, the one before it. */
export function UndoButton({ last }: { last: OwnDecision }) {
  const navigate = useNavigate();
  const { fetcher, pending } = usePost((answer) => {
    if (answer.error) notifications.show({ message: answer.error.message, color: "red", autoClose: false });
    else navigate(`?${new URLSearchParams({ title: last.key })}`);
  });
  const undo = () => {
    if (!pending) fetcher.submit({ intent: "undo", review: last.reviewId }, { method: "post" });
  };
  useShortcut({ keys: "u", label: "Undo the last decision", run: undo });
  return (
    <Button variant="default" onClick={undo} disabled={pending} title={`${last.title}: ${meaningOf(last)}`}>
      <span className={classes.keyed}>
        Undo {shortened(last.title)} <Kbd keys="u" />
      </span>
    </Button>
  );
}

const LONGEST = 24;
const shortened = (title: string) =>
  title.length > LONGEST ? `${title.slice(0, LONGEST).trimEnd()}…` : title;

function meaningOf({ isNone, foundTitle, foundYear }: OwnDecision): string {
  if (isNone) return "none of the titles found";
  return foundYear === null ? (foundTitle ?? "a title") : `${foundTitle ?? "a title"} (${foundYear})`;
}
