import { changeWords, fieldWords, shownValue } from "#app/routes/library/change-words.ts";
import classes from "#app/routes/library/work/extras.module.css";
import type { ExtrasView } from "#app/routes/library/work/extras-view.ts";
import { Ago } from "#app/ui/ago.tsx";
import { Facts } from "#app/ui/facts.tsx";
import { Section } from "#app/ui/page.tsx";

type Field = ExtrasView["changes"][number]["fields"][number];

/** What the last refreshes changed, field by field. */
export function Changes({ changes }: Pick<ExtrasView, "changes">) {
  if (changes.length === 0) return null;
  return (
    <Section title="Changes">
      <ol className={classes.changes}>
        {changes.map(({ id, at, fields }) => (
          <li key={id}>
            <span className={classes.dimmed}>
              <Ago at={at} />
            </span>
            <Facts
              facts={fields.map((field) => ({
                label: fieldWords[field.field],
                value: <Diff field={field} />,
              }))}
            />
          </li>
        ))}
      </ol>
    </Section>
  );
}

function Diff({ field }: { field: Field }) {
  const words = changeWords(field);
  if (words !== null) return words;
  return (
    <>
      {shownValue(field.before)} <span className={classes.dimmed}>→</span> {shownValue(field.after)}
    </>
  );
}
