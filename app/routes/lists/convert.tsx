import { Anchor, Button, Group, TextInput } from "@mantine/core";
import {
  type ActionFunctionArgs,
  Form,
  Link,
  type LoaderFunctionArgs,
  redirect,
  useLoaderData,
} from "react-router";
import { z } from "zod";
import { audit } from "#app/accounts/audit.server.ts";
import type { ComparedRow, Side } from "#app/awards/convert/compare-titles.ts";
import {
  compareWithEvent,
  convertList,
  eventListFor,
  readEvent,
  requireAwardList,
} from "#app/awards/convert/convert-list.server.ts";
import { startImport } from "#app/awards/imports/start-import.server.ts";
import { findList } from "#app/awards/lists/lists.server.ts";
import { formatYears } from "#app/awards/lists/years.ts";
import { appContext } from "#app/context.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { unknownForm } from "#app/middleware/unknown-form.ts";
import { ComparisonTable } from "#app/routes/lists/lists/comparison-table.tsx";
import { readYears } from "#app/routes/lists/lists/read-list-form.ts";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { FilterChips } from "#app/ui/filter-chips.tsx";
import { formatQuantity } from "#app/ui/format.ts";
import { useLive } from "#app/ui/live.tsx";
import { Page, Section } from "#app/ui/page.tsx";

const MOST_SHOWN = 500;
const sides = ["both", "list", "event"] as const;

export const loader = door(async ({ params, url }: LoaderFunctionArgs) => {
  const { db } = appContext();
  const list = await findList(db, params.listKey ?? "");
  requireAwardList(list);
  const given = url.searchParams.get("event")?.trim() ?? "";
  const side = sides.find((one) => one === url.searchParams.get("side")) ?? null;
  const withNominees = url.searchParams.get("with") === "nominees";
  if (given === "") return { list, eventId: null, side, withNominees, years: "", counts: null, rows: [] };
  const { eventId } = readEvent(given);
  const compared = await sharedRead(`convert ${list.id} ${eventId} ${withNominees}`, () =>
    compareWithEvent(db, list, eventId, !withNominees),
  );
  const of = (one: Side) => compared.rows.filter((row) => row.side === one);
  const rows: ComparedRow[] = side === null ? compared.rows : of(side);
  return {
    list,
    eventId,
    side,
    withNominees,
    years: formatYears(compared.years),
    counts: { both: of("both").length, list: of("list").length, event: of("event").length },
    rows: rows.slice(0, MOST_SHOWN),
  };
});

const forms = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("import-event"), event: z.string().max(500), years: z.string().max(500) }),
  z.object({ intent: z.literal("convert"), event: z.string().max(500) }),
]);

/** Imports the event that the list is compared with, or lets it take the list's place. */
export const action = actionDoor(async ({ request, params, context }: ActionFunctionArgs) => {
  const { db } = appContext();
  const actor = requireActor(context);
  const list = await findList(db, params.listKey ?? "");
  requireAwardList(list);
  const { form } = await readForm(request);
  const asked = forms.safeParse(Object.fromEntries(form));
  if (!asked.success) throw unknownForm();
  const { data } = asked;
  const { eventId } = readEvent(data.event);
  const key = await db.transaction().execute(async (trx) => {
    const entry = { actor, requestId: context.get(requestIdContext), subject: `list:${list.sourceKey}` };
    if (data.intent === "convert") {
      const converted = await convertList(trx, list, eventId);
      await audit(trx, { ...entry, action: "list.convert", details: { eventId, into: converted } });
      return converted;
    }
    const years = readYears(data.years);
    const event = await eventListFor(trx, list, eventId, years);
    await startImport(trx, event, { years, requestedBy: actor.name });
    await audit(trx, {
      ...entry,
      action: "list.import",
      subject: `list:${event.sourceKey}`,
      details: { years },
    });
    return null;
  });
  if (key !== null) throw redirect(`/lists/${key}`);
  return { message: "The event is being imported. The comparison fills as its years come in." };
});

export default function Convert() {
  const { list, eventId, side, withNominees, years, counts, rows } = useLoaderData<typeof loader>();
  useLive("/live?topic=console");
  return (
    <Page
      title={`Convert ${list.name}`}
      back={{ to: `/lists/${list.sourceKey}`, label: list.name }}
      meta={[
        "Nothing changes until you convert",
        eventId,
        eventId === null ? null : years ? `${years} here` : "nothing of it here yet",
      ]}
      actions={eventId === null ? undefined : <Actions eventId={eventId} years={years} name={list.name} />}
    >
      <Section title="Which event is it?">
        <Form method="get">
          <Group align="flex-end" gap="sm">
            <TextInput
              name="event"
              label="Event at IMDb"
              placeholder="https://www.imdb.com/event/ev…"
              defaultValue={eventId ?? ""}
              autoComplete="off"
              required
              withAsterisk={false}
              w={320}
              maw="100%"
            />
            <Button type="submit" variant="default">
              Compare
            </Button>
          </Group>
        </Form>
      </Section>
      {counts === null ? null : years === "" ? (
        <EmptyState kind="yet" title="Nothing of this event is here yet">
          Import the years that the list is about; then the two are set side by side.
        </EmptyState>
      ) : (
        <Section
          title="Comparison"
          aside={
            <FilterChips
              label="What of the event is compared"
              param="with"
              current={withNominees ? "nominees" : null}
              chips={[
                { value: null, label: "winners" },
                { value: "nominees", label: "all nominees" },
              ]}
            />
          }
        >
          <FilterChips
            label="Titles by where they are"
            param="side"
            current={side}
            chips={[
              { value: "both", label: "in both", count: counts.both },
              { value: "list", label: "only in the list", count: counts.list },
              { value: "event", label: "only in the event", count: counts.event },
            ]}
          />
          <ComparisonTable rows={rows} />
          {rows.length === MOST_SHOWN ? (
            <p>The first {formatQuantity(MOST_SHOWN, "title")} are shown.</p>
          ) : null}
          <p>
            <Anchor component={Link} to="/lists/events">
              Events with their ceremonies
            </Anchor>
          </p>
        </Section>
      )}
    </Page>
  );
}

function Actions({ eventId, years, name }: { eventId: string; years: string; name: string }) {
  return (
    <>
      <ConfirmButton
        fields={{ intent: "import-event", event: eventId }}
        title="Import this event"
        text={
          <TextInput
            name="years"
            label="Years"
            description="Those that the list is about: 2024, or 2015-2024"
            defaultValue={years}
            autoComplete="off"
            required
            withAsterisk={false}
          />
        }
        confirmLabel="Import these years"
      >
        Import event
      </ConfirmButton>
      <ConfirmButton
        fields={{ intent: "convert", event: eventId }}
        title={`Convert ${name}?`}
        text="The event takes its place. The list is put aside and keeps its titles; it can be taken up again."
        confirmLabel="Convert 1 list"
        tone="primary"
        disabledReason={years === "" ? "Nothing of this event is here yet" : null}
      >
        Convert
      </ConfirmButton>
    </>
  );
}
