import { Anchor, Button, NativeSelect } from "@mantine/core";
import { Link } from "react-router";
import { delimiters } from "#app/csv/read/delimiter.ts";
import { encodings } from "#app/csv/read/encoding.ts";
import type { ParseReport } from "#app/imports/csv/parse-report.ts";
import { dayOrderWords, delimiterWord, encodingWord } from "#app/routes/imports/file-words.ts";
import classes from "#app/routes/imports/new/new.module.css";
import { Problems } from "#app/routes/imports/new/problems.tsx";
import { Repair } from "#app/routes/imports/new/repair.tsx";
import { SampleTable } from "#app/routes/imports/new/sample-table.tsx";
import type { Check, FileCheck, SameFile } from "#app/routes/imports/new/use-file-check.ts";
import { Ago } from "#app/ui/ago.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";
import { formatQuantity } from "#app/ui/format.ts";
import { Section } from "#app/ui/page.tsx";
import { ProgressBar } from "#app/ui/progress-bar.tsx";

export interface CheckStepProps {
  checked: FileCheck;
  formats: readonly { id: string; label: string }[];
}

/** The second step: what the file is, every problem in it, and its first rows; read anew when told to read it differently. */
export function CheckStep({ checked, formats }: CheckStepProps) {
  const { file, check, readAs } = checked;
  return (
    <Section title="2. Check">
      {check.state === "none" ? (
        <span className={classes.dimmed}>
          What the file is, and every problem in it, is shown here before anything is written.
        </span>
      ) : null}
      {check.state === "checking" ? <Checking name={file?.name ?? ""} share={check.share} /> : null}
      {check.state === "refused" ? (
        <Refused error={check.error} onAgain={file ? () => readAs({}) : null} />
      ) : null}
      {check.state === "checked" ? <Findings file={file} check={check} formats={formats} /> : null}
      {file ? <ReadAs checked={checked} formats={formats} /> : null}
      {check.state === "checked" && check.repair ? (
        <Repair repair={check.repair} onChoose={(repairs) => readAs({ repairs })} />
      ) : null}
      {check.state === "checked" ? (
        <>
          <Problems report={check.report} />
          <SampleTable report={check.report} />
        </>
      ) : null}
    </Section>
  );
}

/** How the file is read: found out, unless an operator knows better. A change reads it anew at once. */
function ReadAs({ checked, formats }: CheckStepProps) {
  const { check, options, readAs } = checked;
  const report = check.state === "checked" ? check.report : null;
  return (
    <div className={classes.selects}>
      <NativeSelect
        label="Read as"
        value={options.format}
        data={[
          findOut(options.format === "" && report?.formatLabel),
          ...formats.map(({ id, label }) => ({ value: id, label })),
        ]}
        onChange={(event) => readAs({ format: event.currentTarget.value })}
      />
      <NativeSelect
        label="Encoding"
        value={options.encoding}
        data={[
          findOut(options.encoding === "" && report && encodingWord(report.encoding)),
          ...encodings.map((value) => ({ value, label: encodingWord(value) })),
        ]}
        onChange={(event) => readAs({ encoding: event.currentTarget.value })}
      />
      <NativeSelect
        label="Delimiter"
        value={options.delimiter}
        data={[
          findOut(options.delimiter === "" && report && delimiterWord(report.delimiter)),
          ...delimiters.map((value) => ({ value, label: delimiterWord(value) })),
        ]}
        onChange={(event) => readAs({ delimiter: event.currentTarget.value })}
      />
      {report ? <OpenChoices report={report} checked={checked} /> : null}
    </div>
  );
}

/** What the file alone does not settle: the order of its dates, and whose rows are wanted. */
function OpenChoices({ report, checked }: { report: ParseReport; checked: FileCheck }) {
  const { dateOrder, profiles = [] } = report.choices;
  const { options, readAs } = checked;
  return (
    <>
      {dateOrder && dateOrder.possible.length > 1 ? (
        <NativeSelect
          label="Dates are written"
          value={dateOrder.chosen}
          data={dateOrder.possible.map((order) => ({ value: order, label: dayOrderWords(order) }))}
          onChange={(event) => readAs({ dateOrder: event.currentTarget.value })}
        />
      ) : null}
      {profiles.length > 1 ? (
        <NativeSelect
          label="Whose rows"
          value={options.profile}
          data={[
            { value: "", label: "Everybody's" },
            ...profiles.map(({ name, count }) => ({
              value: name,
              label: `${name} (${formatQuantity(count, "row")})`,
            })),
          ]}
          onChange={(event) => readAs({ profile: event.currentTarget.value })}
        />
      ) : null}
    </>
  );
}

/** The choice to find out, with what was found. */
function findOut(found: string | false | null | undefined) {
  return { value: "", label: found ? `Found: ${found}` : "Find out" };
}

function Checking({ name, share }: { name: string; share: number }) {
  return (
    <ProgressBar label={`Checking ${name}`} value={Math.round(share * 100)} total={100}>
      {share < 1 ? `Sending ${name}` : `Reading ${name}`}
    </ProgressBar>
  );
}

function Refused({
  error,
  onAgain,
}: {
  error: { code: string; message: string };
  onAgain: (() => void) | null;
}) {
  return (
    <ErrorText announce code={error.code} message={error.message}>
      <span className={classes.next}>
        {error.code === "NOT_SIGNED_IN" ? (
          <Anchor href="/sign-in" target="_blank">
            Sign in in another tab
          </Anchor>
        ) : null}
        {error.code === "HEADER_MISMATCH" || error.code === "NO_HEADER" ? (
          <Anchor component={Link} to="/help/sources">
            Files that work, and templates
          </Anchor>
        ) : null}
        {onAgain ? <Button onClick={onAgain}>Check again</Button> : null}
      </span>
    </ErrorText>
  );
}

interface FindingsProps {
  file: File | null;
  check: Extract<Check, { state: "checked" }>;
  formats: CheckStepProps["formats"];
}

function Findings({ file, check, formats }: FindingsProps) {
  const { report, sameFile } = check;
  return (
    <div role="status" className={classes.findings}>
      <p className={classes.facts}>
        {factsOf(report, file?.name ?? "").map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
      </p>
      {report.closeFormats.length > 0 ? <p>{doubt(report, formats)}</p> : null}
      {sameFile.map((earlier) => (
        <Earlier key={earlier.id} earlier={earlier} />
      ))}
    </div>
  );
}

function factsOf(report: ParseReport, name: string): string[] {
  const {
    formatLabel,
    certainty,
    encoding,
    delimiter,
    preambleLines,
    totalRows,
    problemCount,
    duplicateRows,
    skippedRows,
  } = report;
  return [
    name,
    `${formatLabel} (${certainty})`,
    encodingWord(encoding),
    delimiterWord(delimiter),
    ...(preambleLines > 0 ? [`${formatQuantity(preambleLines, "line")} above the header left out`] : []),
    formatQuantity(totalRows, "row"),
    problemCount === 0 ? "no problems" : formatQuantity(problemCount, "problem"),
    ...(skippedRows > 0 ? [`${formatQuantity(skippedRows, "row")} that ask for nothing`] : []),
    ...(duplicateRows > 0 ? [`${formatQuantity(duplicateRows, "row")} twice in the file`] : []),
  ];
}

function doubt({ closeFormats }: ParseReport, formats: CheckStepProps["formats"]): string {
  const others = closeFormats.map((close) => formats.find(({ id }) => id === close)?.label ?? close);
  return `The same columns are those of ${others.join(", ")}. If it is that, choose it under “Read as”.`;
}

/** Uploading again is allowed, but not unknowingly (I-14). */
function Earlier({ earlier }: { earlier: SameFile }) {
  return (
    <p>
      This very file {earlierFate(earlier)} <Ago at={earlier.createdAt} />
      {earlier.uploadedBy ? ` by ${earlier.uploadedBy}` : ""}:{" "}
      <Anchor component={Link} to={`/imports/${earlier.id}`} underline="always">
        {`show that import (${earlier.status})`}
      </Anchor>
      {earlier.dryRun || earlier.undone ? "" : ". Rows that it has written are skipped this time."}
    </p>
  );
}

function earlierFate({ dryRun, undone }: SameFile): string {
  if (dryRun) return "had a dry run";
  return undone ? "was imported, and undone since," : "was imported";
}
