import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import { labelOf } from "#app/accounts/audit-actions.ts";
import classes from "#app/routes/settings/audit/audit.module.css";
import { actorWords } from "#app/routes/settings/audit/audit-filter.ts";
import type { ShownEntry } from "#app/routes/settings/audit/load-audit.server.ts";
import { shortSubject, subjectKind, subjectPage } from "#app/routes/settings/audit/subject-page.ts";
import { Ago } from "#app/ui/ago.tsx";
import type { Column } from "#app/ui/data-table.tsx";
import { NOTHING } from "#app/ui/format.ts";

export const auditColumns: readonly Column<ShownEntry>[] = [
  { id: "when", header: "When", cell: (entry) => <Ago at={entry.at} />, width: 110, phone: "aside" },
  {
    id: "who",
    header: "Who",
    cell: (entry) => (
      <span>
        {entry.actor}
        {entry.actorType === "operator" ? null : (
          <span className={classes.kind}> {actorWords[entry.actorType]}</span>
        )}
      </span>
    ),
    width: 220,
  },
  { id: "what", header: "What", cell: (entry) => labelOf(entry.action), width: 230, phone: "title" },
  { id: "subject", header: "To what", cell: (entry) => <Subject entry={entry} />, width: 240 },
  {
    id: "details",
    header: "Details",
    cell: (entry) => detailsLine(entry.details) ?? NOTHING,
    dimmed: true,
    wideOnly: true,
  },
];

/** What something was done to, as a link to its page where it has one. */
export function Subject({ entry }: { entry: ShownEntry }) {
  const { subject, subjectName } = entry;
  if (subject === null) return NOTHING;
  const page = subjectPage(subject);
  const name = subjectName ?? <span className={classes.id}>{shortSubject(subject)}</span>;
  return (
    <span>
      <span className={classes.kind}>{subjectKind(subject)} </span>
      {page === null ? (
        name
      ) : (
        <Anchor component={Link} to={page} inherit underline="always">
          {name}
        </Anchor>
      )}
    </span>
  );
}

/** The first facts of the details in one line: `count 37 · task refresh_work`; null when there are none. */
function detailsLine(details: Record<string, unknown> | null): string | null {
  const facts = Object.entries(details ?? {}).flatMap(([name, value]) =>
    value === null || typeof value === "object" ? [] : [`${name} ${value}`],
  );
  if (facts.length > 0) return facts.join(" · ");
  return details && Object.keys(details).length > 0 ? Object.keys(details).join(" · ") : null;
}
