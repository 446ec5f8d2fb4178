import { Anchor, Group, TextInput } from "@mantine/core";
import { Link } from "react-router";
import type { listLost } from "#app/discovery/lost/list-lost.server.ts";
import { Ago } from "#app/ui/ago.tsx";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { PostButton } from "#app/ui/post-button.tsx";

type LostTitle = Awaited<ReturnType<typeof listLost>>["titles"][number];

function whatHappened(one: LostTitle) {
  if (one.kind === "deleted") return `TMDB does not have ${one.tmdbId} any more`;
  return one.mergedIntoWorkId ? (
    <>
      merged into {one.mergedInto},{" "}
      <Anchor component={Link} to={`/library/${one.mergedIntoWorkId}`}>
        {one.mergedIntoTitle}
      </Anchor>
    </>
  ) : (
    `merged into ${one.mergedInto}`
  );
}

function Decide({ one }: { one: LostTitle }) {
  const name = one.year ? `${one.title} (${one.year})` : one.title;
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      <PostButton fields={{ kind: "keep", lostId: one.id }} tone="quiet">
        Keep
      </PostButton>
      <ConfirmButton
        fields={{ kind: "remove_id", lostId: one.id }}
        title={`Remove the TMDB id of ${name}?`}
        text="The work and its viewings stay. Without an id at TMDB it is not refreshed any more."
        confirmLabel="Remove 1 id"
        tone="quiet"
      >
        Remove id
      </ConfirmButton>
      <ConfirmButton
        fields={{ kind: "point_at", lostId: one.id }}
        title={`Which title is ${name} at TMDB?`}
        text={
          <TextInput
            name="tmdbId"
            label="TMDB id"
            description={
              one.mergedInto
                ? "TMDB itself answers with this one. If the catalogue has it already, the two become one."
                : "The number in the address of its page at TMDB. If the catalogue has it already, the two become one."
            }
            defaultValue={one.mergedInto ?? ""}
            inputMode="numeric"
            autoComplete="off"
            required
            withAsterisk={false}
          />
        }
        confirmLabel="Use this id"
      >
        {one.mergedInto ? "Follow merge" : "Another id"}
      </ConfirmButton>
    </Group>
  );
}

const columns: Column<LostTitle>[] = [
  {
    id: "title",
    header: "Work",
    cell: (one) => (one.year ? `${one.title} (${one.year})` : one.title),
    phone: "title",
  },
  { id: "what", header: "What happened", cell: whatHappened },
  { id: "seen", header: "Since", cell: (one) => <Ago at={one.firstSeenAt} />, width: 110, phone: "aside" },
  { id: "decide", header: "Decide", cell: (one) => <Decide one={one} />, width: 300, align: "right" },
];

/** Works whose TMDB id is gone, each with what can be decided. */
export function LostTable({ titles }: { titles: readonly LostTitle[] }) {
  return (
    <DataTable
      label="Works whose TMDB id is lost"
      columns={columns}
      rows={titles}
      rowId={(one) => one.id}
      rowHref={(one) => `/library/${one.workId}`}
      empty={
        <EmptyState kind="clear" title="Nothing is lost">
          Every work that has a TMDB id is still known there, as far as it was asked.
        </EmptyState>
      }
    />
  );
}
