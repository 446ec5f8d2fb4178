import type { ChosenFilm } from "#app/discovery/discover/choose-films.ts";
import type { Preview } from "#app/routes/discovery/discovery/discovery-actions.server.ts";
import { skipLabel } from "#app/routes/discovery/runs/skip-label.ts";
import { sourceLabel } from "#app/routes/discovery/runs/source-label.ts";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";
import { formatCount, formatQuantity } from "#app/ui/format.ts";
import { Status } from "#app/ui/status.tsx";

const columns: Column<ChosenFilm>[] = [
  {
    id: "title",
    header: "Film",
    cell: (film) => (film.year ? `${film.title} (${film.year})` : film.title),
    phone: "title",
  },
  { id: "source", header: "List", cell: (film) => sourceLabel(film.source), width: 170 },
  {
    id: "fate",
    header: "What a run would do",
    cell: (film) =>
      film.skip === null ? (
        <Status status="success" label="add it" />
      ) : (
        <Status status="skipped" label={skipLabel(film.skip)} />
      ),
    width: 220,
    phone: "aside",
  },
  {
    id: "exclude",
    header: "Exclude",
    width: 120,
    align: "right",
    phone: "hidden",
    cell: (film) =>
      film.skip === null || film.skip === "over_limit" ? (
        <ConfirmButton
          fields={{
            intent: "exclude",
            tmdbId: String(film.tmdbId),
            title: film.title,
            ...(film.year ? { year: String(film.year) } : {}),
          }}
          title={`Exclude ${film.title}?`}
          text="No discovery takes it from now on. It can be allowed again on this page."
          confirmLabel="Exclude 1 title"
          tone="quiet"
        >
          Exclude
        </ConfirmButton>
      ) : null,
  },
];

/** What a run would take now: the films that it would add first. Nothing of it is stored. */
export function PreviewTable({ preview }: { preview: Preview }) {
  const { films, pagesRead, missing } = preview;
  const taken = films.filter((film) => film.skip === null).length;
  const sorted = [...films].sort((a, b) => Number(a.skip !== null) - Number(b.skip !== null));
  return (
    <>
      <p role="status">
        {formatQuantity(taken, "new film")} of {formatCount(films.length)} listed: {formatCount(pagesRead)}{" "}
        list calls and {formatCount(taken)} for the films.
      </p>
      {missing.map(({ source, page, message }) => (
        <ErrorText
          key={`${source} ${page}`}
          message={`Page ${page} of ${sourceLabel(source)} could not be read. ${message}`}
        />
      ))}
      <DataTable
        label="Films that a run would look at"
        columns={columns}
        rows={sorted}
        rowId={(film) => String(film.tmdbId)}
        keyboard={false}
        empty={
          <EmptyState kind="yet" title="TMDB's lists are empty">
            Try other lists, or more pages.
          </EmptyState>
        }
      />
    </>
  );
}
