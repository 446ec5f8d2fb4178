import { delimiterWord } from "#app/routes/imports/file-words.ts";
import type { ImportPageData, ImportPageJob } from "#app/routes/imports/show/load-import.server.ts";
import { CopyButton } from "#app/ui/copy-button.tsx";
import { Facts } from "#app/ui/facts.tsx";
import { formatBytes, formatCount } from "#app/ui/format.ts";
import { Moment } from "#app/ui/moment.tsx";

interface OptionsProps {
  job: ImportPageJob;
  options: NonNullable<ImportPageData["options"]>;
}

/** How the file was read and what was asked for: as it was frozen when the import was accepted. */
export function Options({ job, options }: OptionsProps) {
  return (
    <Facts
      facts={[
        { label: "File", value: `${job.fileName}, ${formatBytes(job.fileBytes)}` },
        { label: "SHA-256", value: <code>{job.fileSha256}</code> },
        { label: "Read as", value: job.label },
        { label: "Encoding", value: options.encoding },
        { label: "Delimiter", value: delimiterWord(options.delimiter) },
        options.preambleLines > 0 ? { label: "Lines above the header", value: options.preambleLines } : null,
        { label: "Columns", value: job.columns.join(", ") },
        { label: "Rows", value: formatCount(job.totalRows) },
        { label: "Distinct titles", value: formatCount(job.distinctTitles) },
        { label: "Duplicates", value: job.skipDuplicates ? "skipped" : "written as well" },
        { label: "Dry run", value: job.dryRun ? "yes" : "no" },
        { label: "Into", value: job.catalogue === "builtin" ? "built-in catalogue" : job.catalogue },
        { label: "Uploaded by", value: job.uploadedBy },
        { label: "Uploaded", value: <Moment at={job.createdAt} /> },
        job.startedAt ? { label: "Started", value: <Moment at={job.startedAt} /> } : null,
        job.completedAt ? { label: "Ended", value: <Moment at={job.completedAt} /> } : null,
        {
          label: "Import id",
          value: (
            <>
              <code>{job.id}</code> <CopyButton value={job.id} label="Copy the id" />
            </>
          ),
        },
      ]}
    />
  );
}
