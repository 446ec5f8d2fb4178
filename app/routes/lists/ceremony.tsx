import { Anchor } from "@mantine/core";
import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from "react-router";
import { findCeremony } from "#app/awards/events/read-events.server.ts";
import { appContext } from "#app/context.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { NominationsTable } from "#app/routes/lists/events/nominations-table.tsx";
import { runTitleAction } from "#app/routes/lists/lists/list-actions.server.ts";
import { categoryWords } from "#app/routes/lists/words.ts";
import { Ago } from "#app/ui/ago.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { formatCount, formatDay, formatQuantity } from "#app/ui/format.ts";
import { useLive } from "#app/ui/live.tsx";
import { Page, Section } from "#app/ui/page.tsx";
import { PostButton } from "#app/ui/post-button.tsx";
import { Status } from "#app/ui/status.tsx";
import { isOn } from "#app/upstreams/services.ts";

export const loader = door(async ({ params }: LoaderFunctionArgs) => {
  const { db, config } = appContext();
  const id = params.ceremonyId ?? "";
  return {
    ceremony: await sharedRead(`ceremony ${id}`, () => findCeremony(db, id)),
    isTmdbOn: isOn("tmdb", config),
  };
});

export const action = actionDoor(async ({ request, params, context }: ActionFunctionArgs) => {
  const { db, config } = appContext();
  const id = params.ceremonyId ?? "";
  await findCeremony(db, id);
  const { form } = await readForm(request);
  return runTitleAction(
    { db, config, actor: requireActor(context), requestId: context.get(requestIdContext) },
    { ceremonyId: id },
    `ceremony:${id}`,
    form,
  );
});

export default function CeremonyPage() {
  const { ceremony, isTmdbOn } = useLoaderData<typeof loader>();
  useLive("/live?topic=console");
  const all = ceremony.categories.flatMap((category) =>
    category.nominations.filter((one) => one.goneAt === null),
  );
  const unlinked = all.filter((one) => one.titles.some((title) => title.workId === null)).length;
  const { declared, startDate, endDate } = ceremony;
  return (
    <Page
      title={ceremony.name}
      state={unlinked > 0 ? `${unlinked} unlinked` : null}
      back={{ to: `/lists/events/${ceremony.organizationId}`, label: ceremony.organization }}
      meta={[
        startDate === null
          ? null
          : endDate === null || endDate === startDate
            ? formatDay(startDate)
            : `${formatDay(startDate)} – ${formatDay(endDate)}`,
        ceremony.location,
        formatQuantity(all.length, "nomination"),
        declared !== null && declared > all.length ? (
          <Status key="short" status="review" label={`${formatCount(declared - all.length)} more at IMDb`} />
        ) : null,
        `${formatCount(all.filter((one) => one.won).length)} won`,
        ceremony.sourceUrl ? (
          <Anchor key="source" href={ceremony.sourceUrl} target="_blank" rel="noopener noreferrer" inherit>
            at IMDb
          </Anchor>
        ) : null,
        <>
          read <Ago at={ceremony.scrapedAt} />
        </>,
      ]}
      actions={
        <PostButton
          fields={{ intent: "look-again" }}
          disabledReason={
            unlinked === 0
              ? "Every title has its work"
              : isTmdbOn
                ? null
                : "TMDB is off: set TMDB_API_KEY and restart"
          }
        >
          {unlinked === 0 ? "Look again" : `Look again for ${formatQuantity(unlinked, "nomination")}`}
        </PostButton>
      }
    >
      {ceremony.categories.length === 0 ? <EmptyState kind="yet" title="No nominations are here" /> : null}
      {ceremony.categories.map((category, index) => (
        <Section key={category.id} title={categoryWords(category)}>
          <NominationsTable category={category} keyboard={index === 0} />
        </Section>
      ))}
    </Page>
  );
}
