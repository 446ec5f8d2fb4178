import classes from "#app/routes/library/work/extras.module.css";
import type { ExtrasView } from "#app/routes/library/work/extras-view.ts";
import { Facts } from "#app/ui/facts.tsx";
import { formatQuantity } from "#app/ui/format.ts";
import { Section } from "#app/ui/page.tsx";

type Cast = ExtrasView["cast"]["first"];

/** Who is seen and who made it: the names that one looks for first, all others behind a click. */
export function People({ cast, crew }: Pick<ExtrasView, "cast" | "crew">) {
  return (
    <>
      {cast.first.length > 0 ? (
        <Section title="Cast">
          <CastList people={cast.first} />
          {cast.others.length > 0 ? (
            <details className={classes.more}>
              <summary>{formatQuantity(cast.others.length, "more person", "more people")}</summary>
              <CastList people={cast.others} />
            </details>
          ) : null}
        </Section>
      ) : null}
      {crew.count > 0 ? (
        <Section title="Crew">
          <Facts facts={crew.key.map(({ label, names }) => ({ label, value: names.join(", ") }))} />
          <details className={classes.more}>
            <summary>Whole crew, {formatQuantity(crew.count, "person", "people")}</summary>
            <Facts facts={crew.departments.map(({ label, names }) => ({ label, value: names.join(", ") }))} />
          </details>
        </Section>
      ) : null}
    </>
  );
}

function CastList({ people }: { people: Cast }) {
  return (
    <ul className={classes.columns}>
      {people.map(({ name, character }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one person may play several parts, and the order is fixed
        <li key={index}>
          {name}
          {character ? <span className={classes.dimmed}>{character}</span> : null}
        </li>
      ))}
    </ul>
  );
}
