import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, useLocation } from "react-router";
import type { NormalizedRow } from "#app/imports/normalized-row.ts";
import { kindWord, reasonSentence } from "#app/imports/undo/undo-reasons.ts";
import { CorrectionHistory, CorrectRow } from "#app/routes/imports/show/correct-row.tsx";
import type { ImportPageJob } from "#app/routes/imports/show/load-import.server.ts";
import type { RowDetailData } from "#app/routes/imports/show/load-row-detail.server.ts";
import { titleWithYear } from "#app/routes/imports/show/row-line.ts";
import { TitleLinks } from "#app/routes/imports/show/title-links.tsx";
import { Ago } from "#app/ui/ago.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";
import { type Fact, Facts } from "#app/ui/facts.tsx";
import { formatDay, formatQuantity } from "#app/ui/format.ts";
import { Section } from "#app/ui/page.tsx";
import { PostButton } from "#app/ui/post-button.tsx";
import { withSearch } from "#app/ui/search-params.ts";

interface RowDetailProps {
  detail: RowDetailData;
  job: ImportPageJob;
  /** The candidates, between what was understood and what came of it. */
  children: ReactNode;
}

/** What is known of one row, in the order in which it came about. */
export function RowDetail({ detail, job, children }: RowDetailProps) {
  return (
    <>
      <Reason detail={detail} />
      {children}
      {detail.correction.form ? (
        <CorrectRow
          key={`${detail.rowNumber} ${detail.correction.form.version}`}
          rowNumber={detail.rowNumber}
          form={detail.correction.form}
        />
      ) : null}
      <Section title="The line as it was">
        <Facts
          facts={detail.cells.map(({ column, value }) => ({
            label: column === "_extra" ? "Further cells" : column,
            value: value || "–",
          }))}
        />
      </Section>
      <CorrectionHistory history={detail.correction.history} />
      <Section title="What was understood">
        {detail.normalized ? (
          <Facts facts={understood(detail.normalized)} />
        ) : (
          <p>Nothing: the line cannot be used as it is.</p>
        )}
      </Section>
      <Section title="What came of it">
        <Facts facts={[...matchFacts(detail), ...resultFacts(detail, job)]} />
      </Section>
    </>
  );
}

function Reason({ detail }: { detail: RowDetailData }) {
  const { status, errorMessage, errorCode, rowNumber, normalized } = detail;
  if (status !== "failed") return errorMessage === null ? null : <p>{errorMessage}</p>;
  return (
    <>
      <ErrorText message={errorMessage ?? "The row failed."} code={errorCode} />
      <PostButton
        fields={{ intent: "retry-row", row: String(rowNumber) }}
        disabledReason={normalized === null ? "What stands in the file must be corrected first" : null}
      >
        Retry this row
      </PostButton>
    </>
  );
}

const kinds = { movie: "film", tv: "series" } as const;
const intents: Readonly<Record<NormalizedRow["intent"], string>> = {
  viewing: "a viewing",
  wish: "a title wanted",
  rating: "a rating",
  listing: "a title in a list",
};

function understood(row: NormalizedRow): (Fact | null)[] {
  const ids = Object.entries(row.ids).map(([name, id]) => `${name.toUpperCase()} ${id}`);
  return [
    { label: "Title", value: row.title },
    { label: "Year", value: row.yearHint },
    { label: "Kind", value: row.kind && kinds[row.kind] },
    { label: "Asks for", value: row.rewatch ? "a repeated viewing" : intents[row.intent] },
    { label: "Date", value: row.date && formatDay(row.date) },
    { label: "Season", value: row.season },
    {
      label: "Episode",
      value:
        row.episode === null ? row.episodeTitle : [row.episode, row.episodeTitle].filter(Boolean).join(" · "),
    },
    { label: "Rating", value: row.rating === null ? null : `${row.rating} of 10` },
    row.occurrence > 1 ? { label: "Time that day", value: row.occurrence } : null,
    { label: "Ids", value: ids.length > 0 ? ids.join(", ") : null },
    { label: "Address", value: row.sourceUri && <SourceUri uri={row.sourceUri} /> },
  ];
}

/** An address out of a file: a link only when it leads to a web page, never to a script. */
function SourceUri({ uri }: { uri: string }) {
  if (!/^https?:\/\//i.test(uri) || !URL.canParse(uri)) return uri;
  return (
    <Anchor href={uri} target="_blank" rel="noopener noreferrer">
      {uri}
    </Anchor>
  );
}

const strategies: Readonly<Record<string, string>> = {
  alias: "decided by an operator before",
  external_id: "by the id in the row",
  search_with_year: "search with the year",
  search_without_year: "search without the year",
  cleaned_title: "search with the cleaned title",
  alternative_title: "original or alternative title",
};

function matchFacts({ match, wouldWrite, errorMessage }: RowDetailData): (Fact | null)[] {
  if (match === null) return [];
  const { title, year, score, strategy, reason } = match;
  return [
    {
      label: "Title found",
      value: title && (
        <>
          {titleWithYear(title, year)} <TitleLinks {...match} />
        </>
      ),
    },
    { label: "Found by", value: strategy && (strategies[strategy] ?? strategy.replaceAll("_", " ")) },
    { label: "Score", value: score === null || score === 0 ? null : score.toFixed(2) },
    // A row that waits or failed for this reason has said it already.
    { label: "Reason", value: reason && reason.text !== errorMessage ? reason.text : null },
    { label: "Would be written", value: wouldWrite && `yes: ${wouldWrite}` },
  ];
}

function resultFacts(detail: RowDetailData, job: ImportPageJob): (Fact | null)[] {
  const { work, targetRecordId, duplicateOf, undone, attemptCount, updatedAt } = detail;
  return [
    { label: "Doubles", value: duplicateOf && <DuplicateLink duplicateOf={duplicateOf} job={job} /> },
    {
      label: "Record",
      value: work ? (
        <Anchor component={Link} to={`/library/${work.id}`}>
          {titleWithYear(work.title, work.year)}, work {work.id}
        </Anchor>
      ) : (
        targetRecordId && <code>{targetRecordId}</code>
      ),
    },
    { label: "Undone", value: undone.length === 0 ? null : undone.map(undoneInWords).join("; ") },
    { label: "Attempts", value: attemptCount === 0 ? "none yet" : formatQuantity(attemptCount, "attempt") },
    { label: "Last change", value: <Ago at={updatedAt} /> },
  ];
}

function undoneInWords({ kind, result, reason }: RowDetailData["undone"][number]): string {
  const what = result === "left" ? "left" : result === "gone" ? "gone already" : "removed";
  return `${kindWord(kind)} ${what}${result === "left" && reason ? ` (${reasonSentence(reason)})` : ""}`;
}

interface DuplicateLinkProps {
  duplicateOf: NonNullable<RowDetailData["duplicateOf"]>;
  job: ImportPageJob;
}

function DuplicateLink({ duplicateOf, job }: DuplicateLinkProps) {
  const { search } = useLocation();
  const { rowNumber, lineNumber, importJobId, workId } = duplicateOf;
  if (rowNumber === null) {
    if (workId === null) return "what the catalogue has";
    if (job.catalogue !== "builtin") return `record ${workId} of the catalogue`;
    return (
      <Anchor component={Link} to={`/library/${workId}`}>
        work {workId} of the library
      </Anchor>
    );
  }
  const isHere = importJobId === null || importJobId === job.id;
  const what = lineNumber === null ? `row ${rowNumber}` : `line ${lineNumber}`;
  return (
    <Anchor
      component={Link}
      to={isHere ? withSearch(search, { row: rowNumber }) : `/imports/${importJobId}?row=${rowNumber}`}
      preventScrollReset
    >
      {isHere ? `${what} of this file` : `${what} of an earlier import`}
    </Anchor>
  );
}
