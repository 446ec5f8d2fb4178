import type { ListPageData } from "#app/routes/lists/lists/load-list.server.ts";
import { ErrorText } from "#app/ui/error-text.tsx";
import { formatCount, formatQuantity } from "#app/ui/format.ts";
import { ProgressBar } from "#app/ui/progress-bar.tsx";
import { SegmentedBar } from "#app/ui/segmented-bar.tsx";

/** How far the import under way is, why the last one ended short, and how many titles have their works. */
export function Progress({ list, imports, waiting, counts }: ListPageData) {
  const [last] = imports;
  const present = counts.linked + counts.open + counts.unlinked;
  return (
    <>
      {last?.status === "running" ? (
        <ProgressBar label="Pages of this import" value={last.pagesDone} total={Math.max(last.pagesTotal, 1)}>
          {last.pagesTotal === 0
            ? "Waits for a worker"
            : `${formatCount(last.pagesDone)} of ${formatQuantity(last.pagesTotal, "page")} · ${formatCount(last.found)} found`}
        </ProgressBar>
      ) : null}
      {waiting.map(({ year, page, message }) => (
        <ErrorText
          key={`${year}/${page}`}
          message={`${year === 0 ? `Page ${page}` : year} is tried again: ${message}`}
        />
      ))}
      {last && last.status !== "running" && last.errorMessage ? (
        <ErrorText message={last.errorMessage} code={last.errorCode} />
      ) : null}
      {last && last.status !== "running" && last.status !== "completed" && last.errors.length > 1
        ? last.errors
            .slice(-10)
            .map((error) => <ErrorText key={`${error.at} ${error.message}`} message={error.message} />)
        : null}
      {list.sourceType === "imdb" && present > 0 ? (
        <SegmentedBar
          label="Titles of this list"
          variant="numbers"
          total={present}
          segments={[
            { status: "success", count: counts.linked, label: "linked" },
            { status: "review", count: counts.unlinked, label: "unlinked" },
            { status: "pending", count: counts.open, label: "looked for" },
          ]}
        />
      ) : null}
    </>
  );
}
