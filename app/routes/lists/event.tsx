import { Anchor } from "@mantine/core";
import { type ActionFunctionArgs, Link, type LoaderFunctionArgs, useLoaderData } from "react-router";
import { findOrganization } from "#app/awards/events/read-events.server.ts";
import { auditCeremonies } from "#app/awards/quality/audit-ceremonies.ts";
import { appContext } from "#app/context.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { CeremoniesTable } from "#app/routes/lists/events/ceremonies-table.tsx";
import { runTitleAction } from "#app/routes/lists/lists/list-actions.server.ts";
import { BarChart } from "#app/ui/bar-chart.tsx";
import { formatCount, formatQuantity, type Instant } from "#app/ui/format.ts";
import { useLive } from "#app/ui/live.tsx";
import { Page, Section } from "#app/ui/page.tsx";
import { PostButton } from "#app/ui/post-button.tsx";
import { isOn } from "#app/upstreams/services.ts";

export const loader = door(async ({ params }: LoaderFunctionArgs) => {
  const { db, config } = appContext();
  const id = params.organizationId ?? "";
  const event = await sharedRead(`event ${id}`, () => findOrganization(db, id));
  const { median, ceremonies } = auditCeremonies(event.ceremonies);
  const audits = new Map(ceremonies.map((one) => [one.id, one]));
  return {
    event,
    median,
    rows: event.ceremonies.map((one) => ({
      ...one,
      againstMedian: audits.get(one.id)?.againstMedian ?? null,
      isLow: audits.get(one.id)?.isLow ?? false,
    })),
    isTmdbOn: isOn("tmdb", config),
  };
});

export const action = actionDoor(async ({ request, params, context }: ActionFunctionArgs) => {
  const { db, config } = appContext();
  const id = params.organizationId ?? "";
  await findOrganization(db, id);
  const { form } = await readForm(request);
  return runTitleAction(
    { db, config, actor: requireActor(context), requestId: context.get(requestIdContext) },
    { organizationId: id },
    `event:${id}`,
    form,
  );
});

export default function EventPage() {
  const { event, median, rows, isTmdbOn } = useLoaderData<typeof loader>();
  useLive("/live?topic=console");
  const unlinked = rows.reduce((sum, one) => sum + one.linkable - one.linked, 0);
  const low = rows.filter((one) => one.isLow).length;
  return (
    <Page
      title={event.name}
      state={low > 0 ? `${low} low` : null}
      back={{ to: "/lists/events", label: "Events" }}
      meta={[
        event.abbreviation,
        <Anchor
          key="imdb"
          href={`https://www.imdb.com/event/${event.imdbEventId}/`}
          target="_blank"
          rel="noopener noreferrer"
          inherit
        >
          {event.imdbEventId}
        </Anchor>,
        formatQuantity(rows.length, "ceremony", "ceremonies"),
        ...event.lists.map((list) => (
          <Anchor key={list.sourceKey} component={Link} to={`/lists/${list.sourceKey}`} inherit>
            {list.name}
          </Anchor>
        )),
      ]}
      actions={
        <PostButton
          fields={{ intent: "look-again" }}
          disabledReason={
            unlinked === 0
              ? "Every nomination has its work"
              : isTmdbOn
                ? null
                : "TMDB is off: set TMDB_API_KEY and restart"
          }
        >
          {unlinked === 0 ? "Look again" : `Look again for ${formatQuantity(unlinked, "nomination")}`}
        </PostButton>
      }
    >
      <Section
        title="Nominations per year"
        aside={median === null ? null : `Median ${formatCount(median)} a ceremony`}
      >
        <BarChart
          label={`Nominations per year${median === null ? "" : `, median ${formatCount(median)}`}`}
          series={[
            { id: "usual", label: "nominations", status: "success" },
            { id: "low", label: "at ceremonies a third or more below the median", status: "review" },
          ]}
          buckets={[...rows].reverse().map((one) => ({
            // A second edition of a year stands beside the first.
            at: Date.UTC(one.year, 0, one.instance),
            values: { [one.isLow ? "low" : "usual"]: one.found },
          }))}
          bucketLabel={yearOf}
          bucketName={yearOf}
          height={140}
        />
      </Section>
      <Section title="Ceremonies">
        <CeremoniesTable ceremonies={rows} />
      </Section>
    </Page>
  );
}

const yearOf = (at: Instant): string => String(new Date(at).getUTCFullYear());
