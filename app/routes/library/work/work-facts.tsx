import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { reasonLabel, tierLabel } from "#app/routes/discovery/refresh/words.ts";
import type { WorkPageWork } from "#app/routes/library/work/load-work.server.ts";
import { OriginLink } from "#app/routes/library/work/origin-link.tsx";
import classes from "#app/routes/library/work/work.module.css";
import { CopyButton } from "#app/ui/copy-button.tsx";
import { type Fact, Facts } from "#app/ui/facts.tsx";
import { Moment } from "#app/ui/moment.tsx";
import type { DueReason } from "#app/works/staleness.ts";

/** What a work is, where that was read, and what the operator's own files say of it. */
export function WorkFacts({ work }: { work: WorkPageWork }) {
  return (
    <Facts
      facts={[
        ...titleFacts(work),
        ...idFacts(work),
        sourceFact(work),
        refreshFact(work),
        dueFact(work),
        ...ownFacts(work),
      ]}
    />
  );
}

function titleFacts({ title, originalTitle, releaseDate, mediaType }: WorkPageWork): (Fact | null)[] {
  return [
    { label: "Original title", value: originalTitle === title ? null : originalTitle },
    {
      label: mediaType === "tv" ? "First aired" : "Released",
      value: releaseDate && <Moment at={releaseDate} day />,
    },
  ];
}

function idFacts({ workId, mediaType, tmdbId, imdbId }: WorkPageWork): (Fact | null)[] {
  return [
    {
      label: "TMDB",
      value: tmdbId !== null && (
        <Id value={String(tmdbId)} label="Copy the TMDB id">
          <Anchor
            href={`https://www.themoviedb.org/${mediaType}/${tmdbId}`}
            target="_blank"
            rel="noopener noreferrer"
          >
            {tmdbId}
          </Anchor>
        </Id>
      ),
    },
    {
      label: "IMDb",
      value: imdbId !== null && (
        <Id value={imdbId} label="Copy the IMDb id">
          <Anchor href={`https://www.imdb.com/title/${imdbId}/`} target="_blank" rel="noopener noreferrer">
            {imdbId}
          </Anchor>
        </Id>
      ),
    },
    {
      label: "Work",
      value: (
        <Id value={workId} label="Copy the work's id">
          {workId}
        </Id>
      ),
    },
  ].map((fact) => (fact.value === false ? null : fact));
}

function Id({ value, label, children }: { value: string; label: string; children: ReactNode }) {
  return (
    <span className={classes.id}>
      {children}
      <CopyButton value={value} label={label} />
    </span>
  );
}

/** Where the details above were read, and when. */
function sourceFact({ meta, tmdbId, createdAt }: WorkPageWork): Fact {
  return {
    label: "Details",
    value: meta.fetchedAt ? (
      <>
        from {tmdbId === null ? "OMDb" : "TMDB"}, fetched <Moment at={meta.fetchedAt} />
      </>
    ) : (
      <>
        none yet: the title as it was found on <Moment at={createdAt} day />
      </>
    ),
  };
}

function refreshFact({ refreshNote }: WorkPageWork): Fact {
  return { label: "Last refresh", value: refreshNote };
}

function dueFact({ due }: WorkPageWork): Fact | null {
  const { reason } = due;
  return reason === null ? null : { label: "Next refresh", value: <NextRefresh {...due} reason={reason} /> };
}

/** When a work is refreshed by itself next, and why then. */
function NextRefresh({ at, reason, isDue, tier, everyDays }: WorkPageWork["due"] & { reason: DueReason }) {
  if (reason === "lost")
    return (
      <Anchor component={Link} to="/discovery/lost">
        waits for a decision: TMDB has given its id up
      </Anchor>
    );
  if (at === null) return "none by itself: it has no TMDB id";
  return (
    <>
      {isDue ? "due since " : null}
      <Moment at={at} day={reason === "age"} /> ·{" "}
      {reason === "age" ? `${tierLabel[tier]}: every ${everyDays} days` : reasonLabel[reason]}
    </>
  );
}

function ownFacts({ wish, ownRatings }: WorkPageWork): (Fact | null)[] {
  const own = ownRatings.find(({ season, episode }) => season === null && episode === null);
  return [
    own
      ? {
          label: "Own rating",
          value: (
            <>
              {own.rating} of 10
              {own.ratedOn ? (
                <>
                  {" "}
                  on <Moment at={own.ratedOn} day />
                </>
              ) : null}
              , from <OriginLink origin={own} />
            </>
          ),
        }
      : null,
    wish
      ? {
          label: "Wanted",
          value: (
            <>
              {wish.wishedOn ? (
                <>
                  since <Moment at={wish.wishedOn} day />
                </>
              ) : (
                "yes"
              )}
              , from <OriginLink origin={wish} />
            </>
          ),
        }
      : null,
  ];
}
