import { Group } from "@mantine/core";
import type { QuoteFilm } from "#app/quotes/films.server.ts";
import { QuoteState } from "#app/routes/quotes/quote-state.tsx";
import { statisticsWords } from "#app/routes/quotes/statistics-words.ts";
import { Ago } from "#app/ui/ago.tsx";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { formatCount, formatQuantity } from "#app/ui/format.ts";
import { PostButton } from "#app/ui/post-button.tsx";

/** What came of the last fetch, or why there was none. */
function outcome(film: QuoteFilm): string {
  switch (film.status) {
    case "failed":
      return film.errorMessage ?? "The job was given up.";
    case "pending":
      return film.isWaiting ? "waits for its turn" : "in the queue";
    case "suspicious":
      return `had ${formatQuantity(film.quotes, "quote")}, and IMDb's page came back empty`;
    case "unasked":
      return "–";
    default:
      return statisticsWords(film.statistics);
  }
}

const nameOf = ({ title, year }: QuoteFilm) => (year ? `${title} (${year})` : title);

function Decide({ film, off }: { film: QuoteFilm; off: string | null }) {
  if (film.status === "pending") return null;
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      {film.status === "suspicious" ? (
        <ConfirmButton
          fields={{ intent: "accept-none", work: film.workId }}
          title={`Has IMDb really no quotes of ${nameOf(film)}?`}
          text={`The ${formatQuantity(film.quotes, "quote")} that stand here stay. Empty answers are believed from now on, until there are quotes again.`}
          confirmLabel="Accept as none"
          tone="quiet"
        >
          Accept as none
        </ConfirmButton>
      ) : null}
      <PostButton fields={{ intent: "fetch-one", work: film.workId }} tone="quiet" disabledReason={off}>
        {film.status === "unasked" ? "Fetch" : "Fetch again"}
      </PostButton>
    </Group>
  );
}

const columnsWith = (off: string | null): Column<QuoteFilm>[] => [
  { id: "title", header: "Film", cell: nameOf, phone: "title" },
  {
    id: "state",
    header: "Quotes",
    cell: ({ status }) => <QuoteState status={status} />,
    width: 140,
    phone: "aside",
  },
  {
    id: "count",
    header: "Here",
    cell: ({ quotes }) => formatCount(quotes),
    phoneUnit: "here",
    align: "right",
    width: 72,
  },
  { id: "outcome", header: "Last fetch", cell: outcome, width: 260, dimmed: true },
  {
    id: "when",
    header: "When",
    cell: ({ fetchedAt }) => <Ago at={fetchedAt} />,
    width: 100,
    dimmed: true,
    wideOnly: true,
    phone: "hidden",
  },
  {
    id: "decide",
    header: "Actions",
    cell: (film) => <Decide film={film} off={off} />,
    width: 220,
    align: "right",
  },
];

const COLUMNS_ON = columnsWith(null);

interface FilmsTableProps {
  films: readonly QuoteFilm[];
  isFiltered: boolean;
  isSuspicious: boolean;
  /** Why nothing can be fetched now. */
  off: string | null;
}

/** Films with an IMDb id, each with how far its quotes are and what can be done. */
export function FilmsTable({ films, isFiltered, isSuspicious, off }: FilmsTableProps) {
  return (
    <DataTable
      label="Films by their quotes"
      columns={off === null ? COLUMNS_ON : columnsWith(off)}
      rows={films}
      rowId={({ workId }) => workId}
      rowHref={({ workId }) => `/library/${workId}`}
      empty={emptyState(isFiltered, isSuspicious)}
    />
  );
}

function emptyState(isFiltered: boolean, isSuspicious: boolean) {
  if (isSuspicious)
    return (
      <EmptyState kind="clear" title="Nothing is suspicious">
        Every film that had quotes still has them at IMDb, as far as it was asked.
      </EmptyState>
    );
  if (isFiltered) return <EmptyState kind="match" clearTo="?" />;
  return (
    <EmptyState kind="yet" title="No film with an IMDb id yet">
      Films come with imports, discovery and the machine API. Their quotes are fetched by themselves.
    </EmptyState>
  );
}
