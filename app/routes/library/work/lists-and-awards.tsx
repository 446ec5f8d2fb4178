import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import type { WorkAwards } from "#app/awards/titles/awards-of-work.server.ts";
import classes from "#app/routes/library/work/extras.module.css";
import { Section } from "#app/ui/page.tsx";
import { Status } from "#app/ui/status.tsx";

/** What the work has won and was nominated for, and where lists have it. */
export function ListsAndAwards({ awards: { lists, nominations } }: { awards: WorkAwards }) {
  if (lists.length === 0 && nominations.length === 0) return null;
  return (
    <Section title="Lists and awards">
      <ul className={classes.columns}>
        {nominations.map((one) => (
          <li key={one.id}>
            <Status status={one.won ? "success" : "skipped"} label={one.won ? "won" : "nominated"} />{" "}
            {one.category}
            <span className={classes.dimmed}>
              {one.persons.length > 0 ? `${one.persons.join(", ")} · ` : null}
              <Anchor inherit component={Link} to={`/lists/ceremonies/${one.ceremonyId}`}>
                {one.ceremony}
              </Anchor>
            </span>
          </li>
        ))}
        {lists.map((one) => (
          <li key={one.sourceKey}>
            <Anchor inherit component={Link} to={`/lists/${one.sourceKey}`}>
              {one.name}
            </Anchor>
            <span className={classes.dimmed}>
              {[`place ${one.position}`, one.awardText].filter(Boolean).join(" · ")}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
