import { Anchor, Group } from "@mantine/core";
import { Link } from "react-router";
import type { Mismatch } from "#app/imports/review/mismatches.server.ts";
import { titleWithYear } from "#app/routes/imports/show/row-line.ts";
import { TitleLinks } from "#app/routes/imports/show/title-links.tsx";
import classes from "#app/routes/review/alias-table.module.css";
import { kindWord } from "#app/routes/review/title-words.ts";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { formatQuantity } from "#app/ui/format.ts";
import { PostButton } from "#app/ui/post-button.tsx";

/** Titles that were accepted under another name or year, each with a way to say that it is right or to decide otherwise. */
export function MismatchTable({ mismatches }: { mismatches: readonly Mismatch[] }) {
  return (
    <DataTable
      label="Mismatches"
      columns={columns}
      rows={mismatches}
      rowId={({ key }) => key}
      empty={
        <EmptyState kind="clear" title="No mismatches">
          Every title that was accepted by itself is called what its rows say.
        </EmptyState>
      }
    />
  );
}

const columns: Column<Mismatch>[] = [
  {
    id: "title",
    header: "Title as written",
    cell: (one) => (
      <>
        {titleWithYear(one.title, one.yearHint)}
        {one.kind ? <span className={classes.hint}> · {kindWord[one.kind]}</span> : null}
      </>
    ),
    phone: "title",
  },
  { id: "found", header: "Accepted as", cell: (one) => <Found one={one} /> },
  {
    id: "differs",
    header: "Differs in",
    cell: ({ differs }) => (differs.length === 2 ? "name and year" : differs[0] === "year" ? "year" : "name"),
    width: 120,
  },
  { id: "score", header: "Score", cell: ({ score }) => score.toFixed(2), width: 80, align: "right" },
  { id: "rows", header: "Rows", cell: (one) => <Rows one={one} />, width: 220, phone: "aside" },
  { id: "decide", header: "Decide", cell: (one) => <Decide one={one} />, width: 230, align: "right" },
];

function Found({ one }: { one: Mismatch }) {
  const name = titleWithYear(one.foundTitle ?? kindWord[one.mediaType], one.foundYear);
  return (
    <span className={classes.target}>
      <span className={classes.name}>
        {one.workId ? (
          <Anchor component={Link} to={`/library/${one.workId}`}>
            {name}
          </Anchor>
        ) : (
          name
        )}
      </span>
      <TitleLinks mediaType={one.mediaType} tmdbId={one.tmdbId} />
    </span>
  );
}

function Rows({ one }: { one: Mismatch }) {
  return (
    <span className={classes.name}>
      {formatQuantity(one.rows, "row")},{" "}
      <Anchor component={Link} to={`/imports/${one.jobId}?row=${one.rowNumber}`}>
        line {one.lineNumber} of {one.fileName}
      </Anchor>
    </span>
  );
}

function Decide({ one }: { one: Mismatch }) {
  const name = titleWithYear(one.title, one.yearHint);
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      <PostButton fields={{ intent: "accept", key: one.key }} tone="quiet">
        It is right
      </PostButton>
      <ConfirmButton
        fields={{ intent: "reopen", key: one.key }}
        tone="quiet"
        title={`Decide ${name} otherwise?`}
        text="Its rows wait for a decision in Review. What they have written is taken back; where something else has touched it since, it stays, and Review lists it with the title."
        confirmLabel={`Re-open ${formatQuantity(one.rows, "row")}`}
      >
        Decide otherwise
      </ConfirmButton>
    </Group>
  );
}
