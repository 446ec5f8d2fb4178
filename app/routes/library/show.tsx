import { IconRefresh } from "@tabler/icons-react";
import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from "react-router";
import { appContext } from "#app/context.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { Changes } from "#app/routes/library/work/changes.tsx";
import { Episodes } from "#app/routes/library/work/episodes.tsx";
import { ListsAndAwards } from "#app/routes/library/work/lists-and-awards.tsx";
import { loadWork, type WorkPageWork } from "#app/routes/library/work/load-work.server.ts";
import { People } from "#app/routes/library/work/people.tsx";
import { Pictures } from "#app/routes/library/work/pictures.tsx";
import { Production } from "#app/routes/library/work/production.tsx";
import { isAboutQuotes, runQuoteAction } from "#app/routes/library/work/quotes/quote-actions.server.ts";
import { Quotes } from "#app/routes/library/work/quotes/quotes.tsx";
import { Ratings } from "#app/routes/library/work/ratings.tsx";
import { runWorkAction } from "#app/routes/library/work/refresh.server.ts";
import { SimilarFilms } from "#app/routes/library/work/similar-films.tsx";
import { Viewings } from "#app/routes/library/work/viewings.tsx";
import { WhereToWatch } from "#app/routes/library/work/where-to-watch.tsx";
import classes from "#app/routes/library/work/work.module.css";
import { WorkFacts } from "#app/routes/library/work/work-facts.tsx";
import { kindWords, matchWord } from "#app/routes/library/work-words.ts";
import { useLive } from "#app/ui/live.tsx";
import { Page } from "#app/ui/page.tsx";
import { PostButton } from "#app/ui/post-button.tsx";
import { Poster } from "#app/ui/poster.tsx";
import { Status } from "#app/ui/status.tsx";

export const loader = door(({ params, url }: LoaderFunctionArgs) =>
  loadWork(appContext(), params.workId ?? "", url.searchParams),
);

export const action = actionDoor(async ({ request, params, context }: ActionFunctionArgs) => {
  const { db, config } = appContext();
  const { form } = await readForm(request);
  const actor = requireActor(context);
  const requestId = context.get(requestIdContext);
  const call = { db, config, workId: params.workId ?? "", actor, requestId };
  return isAboutQuotes(form) ? runQuoteAction(call, form) : runWorkAction(call, form);
});

export default function WorkPage() {
  const { work, pictures, extras, cannotRefresh, viewings, nextCursor, awards, quotes } =
    useLoaderData<typeof loader>();
  useLive(`/live?topic=work:${work.workId}`);
  const { tagline, overview } = work.meta;
  return (
    <Page
      title={work.title}
      back={{ to: "/library", label: "Library" }}
      meta={metaOf(work)}
      actions={
        <PostButton
          fields={{ intent: "refresh" }}
          icon={<IconRefresh size={16} stroke={1.5} />}
          disabledReason={cannotRefresh}
        >
          Refresh now
        </PostButton>
      }
    >
      <div className={classes.head}>
        <div className={classes.poster}>
          <Poster title={work.title} src={work.poster} eager />
        </div>
        <div className={classes.about}>
          {tagline || overview ? (
            <div className={classes.words}>
              {tagline ? <p className={classes.tagline}>{tagline}</p> : null}
              {overview ? <p>{overview}</p> : null}
            </div>
          ) : null}
          <div className={classes.facts}>
            <WorkFacts work={work} />
          </div>
        </div>
      </div>
      <Ratings work={work} />
      {work.mediaType === "tv" ? <Episodes work={work} /> : null}
      <Viewings work={work} viewings={viewings} nextCursor={nextCursor} />
      <Quotes shown={quotes} />
      <ListsAndAwards awards={awards} />
      <People cast={extras.cast} crew={extras.crew} />
      <Pictures title={work.title} pictures={pictures} />
      <WhereToWatch watch={extras.watch} />
      <Production {...extras} />
      <SimilarFilms similar={extras.similar} />
      <Changes changes={extras.changes} />
    </Page>
  );
}

function metaOf(work: WorkPageWork) {
  return [
    work.tmdbId === null ? <Status key="match" status="review" label={matchWord(work)} /> : null,
    work.year,
    kindWords[work.mediaType],
    work.meta.runtimeDisplay,
    work.meta.certification,
    work.meta.genres.length > 0 ? work.meta.genres.join(", ") : null,
  ];
}
