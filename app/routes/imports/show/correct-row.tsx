import { NativeSelect, Textarea, TextInput } from "@mantine/core";
import type { AdditionName } from "#app/imports/corrections/correction.ts";
import { fieldError } from "#app/middleware/error-body.ts";
import type { CorrectionData } from "#app/routes/imports/show/load-correction.server.ts";
import classes from "#app/routes/imports/show/show.module.css";
import { Ago } from "#app/ui/ago.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";
import { Facts } from "#app/ui/facts.tsx";
import { Section } from "#app/ui/page.tsx";
import { ReasonedButton } from "#app/ui/post-button.tsx";
import { usePost } from "#app/ui/use-post.ts";

const additionLabels: Readonly<Record<AdditionName, string>> = {
  year: "Year of release",
  kind: "Kind",
  tmdbId: "TMDB id",
  imdbId: "IMDb id",
};

const kinds = [
  { value: "", label: "Film or series" },
  { value: "movie", label: "Film" },
  { value: "tv", label: "Series" },
];

interface CorrectRowProps {
  rowNumber: number;
  form: NonNullable<CorrectionData["form"]>;
}

/**
 * A failed row as fields: what its source reads of the line, and what the file has no column for. Saving keeps the line as it
 * was and tries the row again.
 */
export function CorrectRow({ rowNumber, form }: CorrectRowProps) {
  const { fetcher, pending, error } = usePost(() => {});
  const answer = pending ? undefined : fetcher.data;
  const problem = (field: string) => fieldError(answer, field);
  const isAtField = [
    ...form.cells.map(({ column }) => `cell:${column}`),
    ...form.additions.map(({ name }) => `add:${name}`),
  ].some((field) => problem(field) !== undefined);
  return (
    <Section title="Correct this row">
      <fetcher.Form method="post" className={classes.correction}>
        <input type="hidden" name="intent" value="correct-row" />
        <input type="hidden" name="row" value={rowNumber} />
        <input type="hidden" name="version" value={form.version} />
        {form.cells.map(({ column, value }) => {
          // A line break would not survive in a field of one line.
          const Field = value.includes("\n") ? Textarea : TextInput;
          return (
            <Field
              key={column}
              name={`cell:${column}`}
              label={column}
              defaultValue={value}
              error={problem(`cell:${column}`)}
              autoComplete="off"
              spellCheck={false}
            />
          );
        })}
        {form.additions.map(({ name, value }) =>
          name === "kind" ? (
            <NativeSelect
              key={name}
              name="add:kind"
              label={additionLabels.kind}
              data={kinds}
              defaultValue={value}
              error={problem("add:kind")}
            />
          ) : (
            <TextInput
              key={name}
              name={`add:${name}`}
              label={additionLabels[name]}
              description="Not in the file"
              defaultValue={value}
              error={problem(`add:${name}`)}
              autoComplete="off"
            />
          ),
        )}
        {error && !isAtField ? <ErrorText announce code={error.code} message={error.message} /> : null}
        <div>
          <ReasonedButton loading={pending}>Save and retry</ReasonedButton>
        </div>
      </fetcher.Form>
    </Section>
  );
}

/** What was corrected in a row, newest first; the line itself stays as it was. */
export function CorrectionHistory({ history }: { history: CorrectionData["history"] }) {
  if (history.length === 0) return null;
  return (
    <Section title="Corrections">
      <Facts
        facts={history.map(({ cells, additions, correctedBy, correctedAt, fileName }, at) => ({
          label: `${history.length - at}. ${correctedBy}`,
          value: (
            <>
              {changesInWords({ ...cells, ...named(additions) })}
              {fileName === null ? "" : `, by ${fileName}`}, <Ago at={correctedAt} />
            </>
          ),
        }))}
      />
    </Section>
  );
}

const named = (additions: Partial<Record<AdditionName, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(additions).map(([name, value]) => [additionLabels[name as AdditionName] ?? name, value]),
  );

function changesInWords(cells: Record<string, string>): string {
  const parts = Object.entries(cells).map(
    ([column, value]) => `${column}: ${value === "" ? "empty" : value}`,
  );
  return parts.length === 0 ? "taken as it stands" : parts.join(", ");
}
