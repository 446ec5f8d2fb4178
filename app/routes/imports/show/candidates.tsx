import { Anchor, Button } from "@mantine/core";
import { Link } from "react-router";
import type { RowCandidate } from "#app/routes/imports/show/load-row-detail.server.ts";
import classes from "#app/routes/imports/show/show.module.css";
import { CandidateList } from "#app/routes/review/candidate-list.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";
import { Kbd } from "#app/ui/kbd.tsx";
import { Section } from "#app/ui/page.tsx";
import { useShortcut } from "#app/ui/shortcuts.tsx";
import type { PostState } from "#app/ui/use-post.ts";

export interface CandidatesProps {
  rowNumber: number;
  candidates: readonly RowCandidate[];
  /** The title in the list of all that wait; null where it does not wait. */
  reviewHref: string | null;
  /** Whether the row waits for a decision. */
  canPick: boolean;
  onSend: () => void;
  /** Of the drawer around them: a decided row has no candidates any more. */
  post: PostState;
}

/** The titles that a row may mean. One press decides it, for this row and all that say the same. */
export function Candidates({ rowNumber, candidates, reviewHref, canPick, onSend, post }: CandidatesProps) {
  const { fetcher, pending, error } = post;
  const send = (fields: Record<string, string>) => {
    if (pending) return;
    onSend();
    fetcher.submit({ ...fields, row: String(rowNumber) }, { method: "post" });
  };
  const pick = ({ mediaType, tmdbId }: RowCandidate) =>
    send({ intent: "pick", mediaType, tmdbId: String(tmdbId) });
  const pickNone = () => send({ intent: "pick-none" });
  useShortcut(canPick ? { keys: "n", label: "None of these", run: pickNone } : null);
  return (
    <Section
      title={canPick ? "Which one is meant?" : "Candidates"}
      aside={
        canPick && reviewHref ? (
          <Anchor component={Link} to={reviewHref} size="sm">
            Open in Review
          </Anchor>
        ) : null
      }
    >
      {error ? <ErrorText announce code={error.code} message={error.message} /> : null}
      <CandidateList candidates={candidates} onPick={canPick ? pick : null} disabled={pending} />
      {canPick ? (
        <div>
          <Button variant="default" onClick={pickNone} disabled={pending}>
            <span className={classes.keyed}>
              None of these <Kbd keys="n" />
            </span>
          </Button>
        </div>
      ) : null}
    </Section>
  );
}
