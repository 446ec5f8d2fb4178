import { Anchor } from "@mantine/core";
import type { SyntheticEvent } from "react";
import { Link } from "react-router";
import { type Alias, MOST_COUNTED } from "#app/imports/review/aliases.ts";
import { titleWithYear } from "#app/routes/imports/show/row-line.ts";
import { TitleLinks } from "#app/routes/imports/show/title-links.tsx";
import classes from "#app/routes/review/alias-table.module.css";
import { kindWord } from "#app/routes/review/title-words.ts";
import { Ago } from "#app/ui/ago.tsx";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { formatQuantity } from "#app/ui/format.ts";

interface ListedAlias extends Alias {
  poster: string | null;
}

/** Decisions in force, newest first, each with what it leads to and how much it has settled. */
export function AliasTable({
  aliases,
  isSearched,
}: {
  aliases: readonly ListedAlias[];
  isSearched: boolean;
}) {
  return (
    <DataTable
      label="Aliases"
      columns={columns}
      rows={aliases}
      rowId={(alias) => alias.key}
      empty={
        isSearched ? (
          <EmptyState kind="match" title="No alias has this title" clearTo="/review/aliases" />
        ) : (
          <EmptyState kind="yet" title="No aliases yet">
            The first decision on a doubtful title makes one. It then holds for every later import.
          </EmptyState>
        )
      }
    />
  );
}

const columns: Column<ListedAlias>[] = [
  { id: "title", header: "Title as written", cell: (alias) => <Written alias={alias} />, phone: "title" },
  { id: "target", header: "Leads to", cell: (alias) => <Target alias={alias} /> },
  {
    id: "decided",
    header: "Decided",
    cell: (alias) => (
      <>
        <Ago at={alias.decidedAt} /> by {alias.decidedBy}
      </>
    ),
    width: 280,
  },
  { id: "uses", header: "Used", cell: (alias) => <Uses alias={alias} />, width: 170, phone: "aside" },
  { id: "revoke", header: "Revoke", cell: (alias) => <Revoke alias={alias} />, width: 110, align: "right" },
];

function Written({ alias }: { alias: ListedAlias }) {
  const kind = alias.kind && ` · ${kindWord[alias.kind]}`;
  return (
    <>
      {titleWithYear(alias.title, alias.yearHint)}
      <span className={classes.hint}>{kind}</span>
    </>
  );
}

/** A poster that does not load leaves its place empty. */
function hide({ currentTarget }: SyntheticEvent<HTMLImageElement>): void {
  currentTarget.removeAttribute("src");
}

function Target({ alias }: { alias: ListedAlias }) {
  const { target, found, workId, workTitle, poster } = alias;
  if (target === null) return <span className={classes.hint}>none of the titles found</span>;
  const name = found ? titleWithYear(found.title, found.year) : (workTitle ?? kindWord[target.mediaType]);
  return (
    <span className={classes.target}>
      {poster ? (
        <img
          className={classes.poster}
          src={poster}
          alt=""
          width={24}
          height={36}
          loading="lazy"
          onError={hide}
        />
      ) : (
        <span className={classes.poster} aria-hidden />
      )}
      <span className={classes.name}>
        {workId ? (
          <Anchor component={Link} to={`/library/${workId}`}>
            {name}
          </Anchor>
        ) : (
          name
        )}
      </span>
      <TitleLinks mediaType={target.mediaType} tmdbId={target.tmdbId} />
    </span>
  );
}

function Uses({ alias }: { alias: ListedAlias }) {
  if (alias.uses === 0) return <span className={classes.hint}>not yet</span>;
  return (
    <>
      {formatQuantity(alias.uses, "row")}, <Ago at={alias.lastUsedAt} />
    </>
  );
}

function Revoke({ alias }: { alias: ListedAlias }) {
  const { reopens, written } = alias;
  const bound = reopens + written >= MOST_COUNTED ? "at least " : "";
  const rows = `${bound}${formatQuantity(reopens, "row")}`;
  return (
    <ConfirmButton
      fields={{ intent: "revoke", key: alias.key }}
      tone="quiet"
      confirmTone="danger"
      title={`Revoke the alias of ${alias.title}?`}
      text={
        <>
          {reopens > 0
            ? `${rows} ${reopens === 1 && bound === "" ? "waits" : "wait"} for a decision again. What they have written is taken back; where something else has touched it since, it stays, and Review lists it with the title.`
            : "No row waits again: none was settled by it."}{" "}
          {written > 0
            ? `${bound}${formatQuantity(written, "row")} cannot be taken back and ${written === 1 ? "stays" : "stay"} written.`
            : null}{" "}
          Later imports ask about this title again.
        </>
      }
      confirmLabel={reopens > 0 ? `Revoke and re-open ${rows}` : "Revoke 1 alias"}
    >
      Revoke
    </ConfirmButton>
  );
}
