import { Anchor, Button } from "@mantine/core";
import type { SyntheticEvent } from "react";
import { Link } from "react-router";
import type { TitleDetails } from "#app/matching/title-details.server.ts";
import { TitleLinks } from "#app/routes/imports/show/title-links.tsx";
import classes from "#app/routes/review/candidate-list.module.css";
import { titleFacts, titleWithYears } from "#app/routes/review/title-words.ts";
import { detailsKey } from "#app/routes/review/use-details.ts";
import { Kbd } from "#app/ui/kbd.tsx";
import { useShortcut } from "#app/ui/shortcuts.tsx";

/** A title that a row may mean. */
export interface ListedCandidate {
  mediaType: "movie" | "tv";
  tmdbId: number;
  title: string;
  originalTitle: string;
  originalLanguage: string;
  year: number | null;
  countries: readonly string[];
  voteCount: number;
  /** Null where it was entered by its id. */
  score: number | null;
  poster: string | null;
  /** The work of the catalogue that it is already. */
  workId?: string | null;
}

export interface CandidateListProps<Listed extends ListedCandidate> {
  candidates: readonly Listed[];
  /** What else is known of them by now, by `movie:603`. */
  details?: Readonly<Record<string, TitleDetails | null>>;
  /** Null: they are shown, and none can be picked. */
  onPick: ((candidate: Listed) => void) | null;
  disabled: boolean;
  /** Whether keys pick them; not for a second list on a page. */
  keyed?: boolean;
}

/** Titles that a row may mean, best first, each with what tells it from the others. */
export function CandidateList<Listed extends ListedCandidate>(props: CandidateListProps<Listed>) {
  const { candidates, details = {}, onPick, disabled, keyed = true } = props;
  return (
    <ol className={classes.candidates}>
      {candidates.map((candidate, index) => (
        <Candidate
          key={detailsKey(candidate)}
          candidate={candidate}
          details={details[detailsKey(candidate)] ?? null}
          number={keyed ? index + 1 : null}
          onPick={onPick && (() => onPick(candidate))}
          disabled={disabled}
        />
      ))}
    </ol>
  );
}

/** A poster that does not load leaves its place empty. */
function hide({ currentTarget }: SyntheticEvent<HTMLImageElement>): void {
  currentTarget.removeAttribute("src");
}

interface CandidateProps {
  candidate: ListedCandidate;
  details: TitleDetails | null;
  number: number | null;
  onPick: (() => void) | null;
  disabled: boolean;
}

function Candidate({ candidate, details, number, onPick, disabled }: CandidateProps) {
  const name = titleWithYears(candidate, details);
  const keys = number === null ? null : String(number);
  useShortcut(keys && onPick ? { keys, label: `Pick candidate ${keys}`, run: onPick } : null);
  const plainName = titleWithYears(candidate, null);
  return (
    <li className={classes.candidate}>
      {candidate.poster ? (
        <img
          className={classes.poster}
          src={candidate.poster}
          alt=""
          width={46}
          height={69}
          loading="lazy"
          onError={hide}
        />
      ) : (
        <span className={classes.poster} aria-hidden />
      )}
      <div className={classes.text}>
        <strong>{name}</strong>
        <span>{titleFacts(candidate, details)}</span>
        <span className={classes.links}>
          <TitleLinks {...candidate} />
          {candidate.workId ? (
            <Anchor component={Link} to={`/library/${candidate.workId}`}>
              in the library
            </Anchor>
          ) : null}
        </span>
      </div>
      <div className={classes.side}>
        {candidate.score === null ? null : (
          <span className={classes.score} title="Score from 0 to 1">
            {candidate.score.toFixed(2)}
          </span>
        )}
        {onPick ? (
          <Button
            variant="default"
            onClick={onPick}
            disabled={disabled}
            aria-label={keys ? `Pick ${keys}: ${plainName}` : `Take ${plainName}`}
          >
            <span className={classes.keyed}>
              {keys ? (
                <>
                  Pick <Kbd keys={keys} />
                </>
              ) : (
                "Take this one"
              )}
            </span>
          </Button>
        ) : null}
      </div>
    </li>
  );
}
