import type { ImportJobView } from "#app/imports/jobs.server.ts";
import type { UndoForecast } from "#app/imports/undo/foretell-undo.server.ts";
import { recordsInWords } from "#app/imports/undo/undo-reasons.ts";
import { LeftTable } from "#app/routes/imports/undo/left-table.tsx";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { formatQuantity } from "#app/ui/format.ts";
import { Section } from "#app/ui/page.tsx";

/** What undoing would remove and leave, as things stand. */
export function Forecast({ forecast, job }: { forecast: UndoForecast; job: ImportJobView }) {
  const { removed, leftCount, left } = forecast;
  return (
    <>
      <Section title="What is removed">
        <p>
          {capitalised(recordsInWords(removed))}
          {Object.keys(removed).length === 0
            ? ": the catalogue holds nothing that this import made and that could be taken back."
            : " that this import made. Its rows stay here with their history, and the file can be uploaded again afterwards."}
        </p>
        {job.catalogue === "builtin" ? null : (
          <p>
            Films are removed from the remote catalogue one by one, as far as they were not changed there
            since. Series are left there: a record may hold more than this import wrote.
          </p>
        )}
      </Section>
      {leftCount > 0 ? (
        <Section title="What is left">
          <LeftTable label="What would be left" importId={job.id} left={left} count={leftCount} />
        </Section>
      ) : null}
    </>
  );
}

/** Asks with the counts before it begins. */
export function UndoButton({ forecast, again }: { forecast: UndoForecast; again: boolean }) {
  const { removed, leftCount } = forecast;
  const words = recordsInWords(removed);
  return (
    <ConfirmButton
      fields={{ intent: "undo" }}
      title={again ? "Undo what was left?" : "Undo this import?"}
      text={`It removes ${words}. ${
        leftCount > 0 ? `${formatQuantity(leftCount, "record")} that others touched since will be left. ` : ""
      }None of its rows can be processed again; to have them back, upload the file again.`}
      confirmLabel={`Remove ${words}`}
      tone="danger"
      confirmTone="danger"
    >
      {again ? "Undo what was left…" : "Undo…"}
    </ConfirmButton>
  );
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
