import { Button } from "@mantine/core";
import type { SyntheticEvent } from "react";
import type { RowCandidate } from "#app/routes/imports/show/load-row-detail.server.ts";
import { titleWithYear } from "#app/routes/imports/show/row-line.ts";
import classes from "#app/routes/imports/show/show.module.css";
import { TitleLinks } from "#app/routes/imports/show/title-links.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";
import { formatQuantity } from "#app/ui/format.ts";
import { Kbd } from "#app/ui/kbd.tsx";
import { Section } from "#app/ui/page.tsx";
import { useShortcut } from "#app/ui/shortcuts.tsx";
import type { PostState } from "#app/ui/use-post.ts";

export interface CandidatesProps {
  rowNumber: number;
  candidates: readonly RowCandidate[];
  /** Whether the row waits for a decision. */
  canPick: boolean;
  onSend: () => void;
  /** Of the drawer around them: a decided row has no candidates any more. */
  post: PostState;
}

/** The titles that a row may mean. One press decides it, for this row and all that say the same. */
export function Candidates({ rowNumber, candidates, canPick, onSend, post }: CandidatesProps) {
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
    <Section title={canPick ? "Which one is meant?" : "Candidates"}>
      {error ? <ErrorText announce code={error.code} message={error.message} /> : null}
      <ol className={classes.candidates}>
        {candidates.map((candidate, index) => (
          <Candidate
            key={`${candidate.mediaType}${candidate.tmdbId}`}
            candidate={candidate}
            number={index + 1}
            onPick={canPick ? () => pick(candidate) : null}
            disabled={pending}
          />
        ))}
      </ol>
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

/** A poster that does not load leaves its place empty. */
function hide({ currentTarget }: SyntheticEvent<HTMLImageElement>): void {
  currentTarget.removeAttribute("src");
}

interface CandidateProps {
  candidate: RowCandidate;
  number: number;
  onPick: (() => void) | null;
  disabled: boolean;
}

function Candidate({ candidate, number, onPick, disabled }: CandidateProps) {
  const { title, year, originalTitle, originalLanguage, mediaType, score, voteCount, poster } = candidate;
  const name = titleWithYear(title, year);
  useShortcut(onPick && { keys: String(number), label: `Pick candidate ${number}`, run: onPick });
  return (
    <li className={classes.candidate}>
      {poster ? (
        <img
          className={classes.poster}
          src={poster}
          alt=""
          width={46}
          height={69}
          loading="lazy"
          onError={hide}
        />
      ) : (
        <span className={classes.poster} aria-hidden />
      )}
      <div className={classes.candidateText}>
        <strong>{name}</strong>
        <span>
          {[
            mediaType === "tv" ? "series" : "film",
            originalTitle && originalTitle !== title ? `original title ${originalTitle}` : null,
            originalLanguage ? originalLanguage.toUpperCase() : null,
            formatQuantity(voteCount, "vote"),
          ]
            .filter((fact) => fact !== null)
            .join(" · ")}
        </span>
        <TitleLinks {...candidate} />
      </div>
      <span className={classes.score} title="Score from 0 to 1">
        {score.toFixed(2)}
      </span>
      {onPick ? (
        <Button variant="default" onClick={onPick} disabled={disabled} aria-label={`Pick ${number}: ${name}`}>
          <span className={classes.keyed}>
            Pick <Kbd keys={String(number)} />
          </span>
        </Button>
      ) : null}
    </li>
  );
}
