import { Anchor } from "@mantine/core";
import { Fragment } from "react";
import { Link } from "react-router";
import type { CategoryView, NominationView } from "#app/awards/events/read-events.server.ts";
import { TitleActions } from "#app/routes/lists/lists/entries-table.tsx";
import { categoryWords } from "#app/routes/lists/words.ts";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { NOTHING } from "#app/ui/format.ts";
import { Status } from "#app/ui/status.tsx";

const withYear = ({ title, year }: { title: string; year: number | null }) =>
  year ? `${title} (${year})` : title;

/** Titles with links to their works; those without one lead to IMDb. */
function Titles({ titles }: Pick<NominationView, "titles">) {
  if (titles.length === 0) return NOTHING;
  return titles.map((title, index) => (
    <Fragment key={title.imdbId}>
      {index > 0 ? ", " : null}
      {title.workId === null ? (
        <Anchor
          inherit
          c="inherit"
          href={`https://www.imdb.com/title/${title.imdbId}/`}
          target="_blank"
          rel="noopener noreferrer"
        >
          {withYear(title)}
        </Anchor>
      ) : (
        <Anchor inherit component={Link} to={`/library/${title.workId}`}>
          {withYear(title)}
        </Anchor>
      )}
    </Fragment>
  ));
}

function People({ persons, companies }: Pick<NominationView, "persons" | "companies">) {
  if (persons.length === 0) return companies.join(", ") || NOTHING;
  return persons.map((person, index) => (
    <Fragment key={`${person.imdbId} ${person.name}`}>
      {index > 0 ? ", " : null}
      {person.imdbId === null ? (
        person.name
      ) : (
        <Anchor
          inherit
          c="inherit"
          href={`https://www.imdb.com/name/${person.imdbId}/`}
          target="_blank"
          rel="noopener noreferrer"
        >
          {person.name}
        </Anchor>
      )}
    </Fragment>
  ));
}

const columns: Column<NominationView>[] = [
  {
    id: "titles",
    header: "Title",
    cell: (one) => <Titles titles={one.titles} />,
    phone: "title",
  },
  { id: "people", header: "Who", cell: (one) => <People {...one} /> },
  {
    id: "notes",
    header: "Notes",
    cell: (one) => [...one.songs, one.notes].filter(Boolean).join(" · ") || NOTHING,
    dimmed: true,
    wideOnly: true,
  },
  {
    id: "outcome",
    header: "Outcome",
    cell: (one) =>
      one.goneAt !== null ? (
        <Status status="removed" label="gone from the page" />
      ) : (
        <Status status={one.won ? "success" : "skipped"} label={one.won ? "won" : "nominated"} />
      ),
    width: 150,
    phone: "aside",
  },
  {
    id: "link",
    header: "Link",
    cell: (one) => {
      const open = one.titles.find((title) => title.workId === null);
      if (!open || one.goneAt !== null) return null;
      return open.unlinkedCode === null ? (
        <Status status="pending" label="looked for" />
      ) : (
        <span title={open.unlinkedReason ?? undefined}>
          <TitleActions
            imdbId={open.imdbId}
            title={open.title}
            canLookAgain={!["EPISODE", "NOT_FILM_OR_SERIES"].includes(open.unlinkedCode)}
          />
        </span>
      );
    },
    width: 190,
    align: "right",
  },
];

/** The nominations of one category, winners first. */
export function NominationsTable({ category, keyboard }: { category: CategoryView; keyboard: boolean }) {
  return (
    <DataTable
      label={`Nominations: ${categoryWords(category)}`}
      columns={columns}
      rows={category.nominations}
      rowId={(one) => one.id}
      keyboard={keyboard}
      empty={<EmptyState kind="yet" title="No nominations" />}
    />
  );
}
