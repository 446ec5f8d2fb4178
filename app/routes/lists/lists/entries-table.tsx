import { Anchor, Group, TextInput } from "@mantine/core";
import { Link } from "react-router";
import type { EntryState, ListEntry } from "#app/awards/lists/list-entries.server.ts";
import { stateWords } from "#app/routes/lists/words.ts";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { NOTHING } from "#app/ui/format.ts";
import { PostButton } from "#app/ui/post-button.tsx";
import { Status } from "#app/ui/status.tsx";

const stateOf = (entry: ListEntry): EntryState => {
  if (entry.goneAt !== null) return "gone";
  if (entry.workId !== null) return "linked";
  return entry.unlinkedCode === null ? "open" : "unlinked";
};

export interface TitleActionsProps {
  imdbId: string;
  title: string;
  /** Episodes and games are looked for in vain. */
  canLookAgain: boolean;
}

/** What can be done about a title without a work. */
export function TitleActions({ imdbId, title, canLookAgain }: TitleActionsProps) {
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      {canLookAgain ? (
        <PostButton fields={{ intent: "look-again", imdbId }} tone="quiet">
          Look again
        </PostButton>
      ) : null}
      <ConfirmButton
        fields={{ intent: "link", imdbId }}
        title={`Which work is ${title}?`}
        text={
          <TextInput
            name="work"
            label="Work"
            description="The address of its page in the library, or the number at its end. It is linked wherever a list or an event names this title."
            autoComplete="off"
            required
            withAsterisk={false}
          />
        }
        confirmLabel="Link 1 title"
        tone="quiet"
      >
        Link
      </ConfirmButton>
    </Group>
  );
}

const columns: Column<ListEntry>[] = [
  {
    id: "position",
    header: "#",
    cell: (entry) => entry.position,
    width: 70,
    align: "right",
    dimmed: true,
    phone: "hidden",
  },
  {
    id: "title",
    header: "Title",
    cell: (entry) => (entry.year ? `${entry.title} (${entry.year})` : entry.title),
    phone: "title",
  },
  { id: "award", header: "Award", cell: (entry) => entry.awardText ?? NOTHING },
  {
    id: "state",
    header: "State",
    cell: (entry) => <Status {...stateWords[stateOf(entry)]} />,
    width: 120,
    phone: "aside",
  },
  {
    id: "work",
    header: "Work, or why there is none",
    cell: (entry) =>
      entry.workId === null ? (
        <span title={entry.unlinkedReason ?? undefined}>{entry.unlinkedReason ?? NOTHING}</span>
      ) : (
        <Anchor inherit component={Link} to={`/library/${entry.workId}`}>
          {entry.workTitle}
        </Anchor>
      ),
  },
  {
    id: "actions",
    header: "Do",
    cell: (entry) =>
      stateOf(entry) === "unlinked" ? (
        <TitleActions
          imdbId={entry.imdbId}
          title={entry.title}
          canLookAgain={entry.kind !== "episode" && entry.kind !== "other"}
        />
      ) : null,
    width: 190,
    align: "right",
  },
];

const withoutAwards = columns.filter((column) => column.id !== "award");

/** Titles of a list by position. */
export function EntriesTable({
  tracksAwards,
  entries,
  isFiltered,
}: {
  tracksAwards: boolean;
  entries: readonly ListEntry[];
  isFiltered: boolean;
}) {
  return (
    <DataTable
      label="Titles of this list"
      columns={tracksAwards ? columns : withoutAwards}
      rows={entries}
      rowId={(entry) => entry.id}
      rowHref={(entry) =>
        entry.workId === null ? `https://www.imdb.com/title/${entry.imdbId}/` : `/library/${entry.workId}`
      }
      empty={
        isFiltered ? (
          <EmptyState kind="match" title="No title of this list is in that state" clearTo="?" />
        ) : (
          <EmptyState kind="yet" title="No titles yet">
            Import the list, or upload a page of it that you have saved in your browser.
          </EmptyState>
        )
      }
    />
  );
}
