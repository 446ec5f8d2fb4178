import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from "react-router";
import { appContext } from "#app/context.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { GoneTitle } from "#app/routes/review/gone-title.tsx";
import { loadReview, type ReviewData } from "#app/routes/review/load-review.server.ts";
import classes from "#app/routes/review/review.module.css";
import { runReviewAction } from "#app/routes/review/review-actions.server.ts";
import { reviewTabs } from "#app/routes/review/review-tabs.ts";
import { TitleList } from "#app/routes/review/title-list.tsx";
import { TitlePanel } from "#app/routes/review/title-panel.tsx";
import { UndoButton } from "#app/routes/review/undo-button.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { formatCount, formatQuantity } from "#app/ui/format.ts";
import { useLive } from "#app/ui/live.tsx";
import { Page } from "#app/ui/page.tsx";

export const loader = door(({ url, context }: LoaderFunctionArgs) =>
  loadReview(appContext(), url.searchParams, requireActor(context).name),
);

export const action = actionDoor(async ({ request, context }: ActionFunctionArgs) => {
  const { db, config } = appContext();
  const { form } = await readForm(request);
  const actor = requireActor(context);
  return runReviewAction({ db, config, actor, requestId: context.get(requestIdContext) }, form);
});

/** Titles that wait for a person, one at a time: the list at the left, what was asked and what it may be at the right. */
export default function Review() {
  const data = useLoaderData<typeof loader>();
  const { list, open, last, lookUp } = data;
  useLive("/live?topic=imports");
  return (
    <Page
      title="Review"
      state={list.total > 0 ? `${formatCount(list.total)} to review` : null}
      meta={metaOf(data)}
      actions={last ? <UndoButton last={last} /> : undefined}
      tabs={reviewTabs("titles")}
    >
      {open === null ? (
        <NothingWaits data={data} />
      ) : (
        <div className={classes.desk}>
          <TitleList list={list} openKey={open.key} />
          {open.state === "waits" ? (
            <TitlePanel key={open.key} open={open} list={list} lookUp={lookUp} />
          ) : (
            <GoneTitle gone={open} list={list} />
          )}
        </div>
      )}
    </Page>
  );
}

function metaOf({ list, progress }: ReviewData) {
  if (list.total === 0) return [];
  return [
    `${formatQuantity(list.total, "title")} for ${formatQuantity(list.totalRows, "row")}`,
    list.isBounded
      ? `more rows wait: listed are the titles of the first ${formatCount(list.mostRows)}, by name`
      : null,
    progress.decided > 0
      ? `${formatCount(progress.decided)} of ${formatCount(progress.total)} decided today`
      : null,
  ];
}

function NothingWaits({ data }: { data: ReviewData }) {
  const { newAliases, list } = data;
  if (!list.isFirst)
    return <EmptyState kind="match" title="No title waits on this page any more" clearTo="/review" />;
  return (
    <EmptyState kind="clear" title="All matches decided">
      {newAliases === 0
        ? "No alias was learnt this month."
        : `${formatQuantity(newAliases, "alias", "aliases")} ${newAliases === 1 ? "was" : "were"} learnt this month.`}
    </EmptyState>
  );
}
