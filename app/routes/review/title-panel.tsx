import { Button } from "@mantine/core";
import { useRef } from "react";
import { useLocation, useNavigate } from "react-router";
import { CandidateList } from "#app/routes/review/candidate-list.tsx";
import { IdForm } from "#app/routes/review/id-form.tsx";
import type { OpenTitle, ReviewData } from "#app/routes/review/load-review.server.ts";
import classes from "#app/routes/review/review.module.css";
import { RowAsItWas } from "#app/routes/review/row-as-it-was.tsx";
import { stepsFrom } from "#app/routes/review/title-steps.ts";
import { kindWord } from "#app/routes/review/title-words.ts";
import { useDetails } from "#app/routes/review/use-details.ts";
import { WrittenRows } from "#app/routes/review/written-rows.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";
import { formatQuantity } from "#app/ui/format.ts";
import { Kbd } from "#app/ui/kbd.tsx";
import { LinkButton } from "#app/ui/link-button.tsx";
import { Section } from "#app/ui/page.tsx";
import { useShortcut } from "#app/ui/shortcuts.tsx";
import { usePost } from "#app/ui/use-post.ts";

export interface TitlePanelProps {
  open: OpenTitle;
  list: ReviewData["list"];
  lookUp: ReviewData["lookUp"];
}

interface Named {
  mediaType: "movie" | "tv";
  tmdbId: number;
}

/** One doubtful title: what the rows say, and what they may mean. A decision opens the next. */
export function TitlePanel({ open, list, lookUp }: TitlePanelProps) {
  const { search } = useLocation();
  const navigate = useNavigate();
  const { following } = stepsFrom(search, list, open.key);
  // What comes after it is remembered when it is sent: the list moves with the decision.
  const next = useRef<string>("?");
  const { fetcher, pending, error } = usePost((answer) => {
    if (!answer.error) navigate(next.current);
  });
  const send = (fields: Record<string, string>) => {
    if (pending) return;
    next.current = following ?? "?";
    fetcher.submit({ ...fields, key: open.key }, { method: "post" });
  };
  const pick = ({ mediaType, tmdbId }: Named) => send({ intent: "pick", mediaType, tmdbId: String(tmdbId) });
  const pickNone = () => send({ intent: "pick-none" });
  useShortcut({ keys: "n", label: "None of these", run: pickNone });
  useShortcut(
    following === null ? null : { keys: "s", label: "Skip to the next", run: () => navigate(following) },
  );
  const details = useDetails(open.candidates);
  return (
    <article className={classes.panel} aria-label={`Decide ${open.title}`}>
      <header className={classes.asked}>
        <h2>{open.title}</h2>
        <p>{factsOf(open)}</p>
        {open.reason ? <p>{open.reason}</p> : null}
      </header>
      {error ? (
        <ErrorText announce code={error.code} message={error.message}>
          {following === null ? null : <LinkButton to={following}>Next title</LinkButton>}
        </ErrorText>
      ) : null}
      <div className={classes.sides}>
        <RowAsItWas open={open} />
        <Section title="Which one is meant?">
          {open.candidates.length === 0 ? <p>No candidates were kept with it. Enter the id.</p> : null}
          <CandidateList
            candidates={open.candidates}
            details={details?.details}
            onPick={pick}
            disabled={pending}
          />
          {details?.problem ? <p className={classes.problem}>{details.problem}</p> : null}
          <div className={classes.choices}>
            <Button variant="default" onClick={pickNone} disabled={pending}>
              <span className={classes.keyed}>
                None of these <Kbd keys="n" />
              </span>
            </Button>
            <LinkButton
              to={following ?? "?"}
              disabledReason={following === null ? "This is the only title that waits" : null}
            >
              <span className={classes.keyed}>
                Skip <Kbd keys="s" />
              </span>
            </LinkButton>
          </div>
          <IdForm openKey={open.key} lookUp={lookUp} onPick={pick} disabled={pending} />
        </Section>
      </div>
      <WrittenRows written={open.written} />
    </article>
  );
}

function factsOf({ yearHint, kind, ids, rows, imports }: OpenTitle): string {
  return [
    yearHint,
    kind ? kindWord[kind] : "film or series",
    ...Object.entries(ids).map(([service, id]) => `${service.toUpperCase()} ${id}`),
    `${formatQuantity(rows, "row")} in ${formatQuantity(imports, "import")}`,
  ]
    .filter((fact) => fact !== null)
    .join(" · ");
}
