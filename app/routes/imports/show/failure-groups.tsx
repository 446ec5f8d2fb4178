import { Anchor } from "@mantine/core";
import { Link, useLocation } from "react-router";
import type { FailureGroupView } from "#app/routes/imports/show/load-import.server.ts";
import classes from "#app/routes/imports/show/show.module.css";
import { Ago } from "#app/ui/ago.tsx";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { formatCount, formatQuantity } from "#app/ui/format.ts";
import { Section } from "#app/ui/page.tsx";
import { withSearch } from "#app/ui/search-params.ts";

/** Failed rows by what went wrong, most first; each group can be shown and tried again by itself. */
export function FailureGroups({ groups }: { groups: readonly FailureGroupView[] }) {
  if (groups.length === 0) return null;
  return (
    <Section title="Failures">
      <ul className={classes.groups}>
        {groups.map((group) => (
          <Group key={group.errorCode} group={group} />
        ))}
      </ul>
    </Section>
  );
}

function Group({ group }: { group: FailureGroupView }) {
  const { search } = useLocation();
  const { errorCode, count, label, samples, firstAt, lastAt, retryable } = group;
  const rows = formatQuantity(count, "row");
  return (
    <li className={classes.group}>
      <span className={classes.groupCount}>{formatCount(count)}</span>
      <span className={classes.groupText}>
        <span title={errorCode}>{label}</span>
        <span className={classes.samples}>
          {samples.map(quoted).join(", ")}
          {count > samples.length ? " …" : ""}
        </span>
      </span>
      <span className={classes.groupTimes}>
        {count > 1 && firstAt.getTime() !== lastAt.getTime() ? (
          <>
            <Ago at={firstAt} /> to <Ago at={lastAt} />
          </>
        ) : (
          <Ago at={lastAt} />
        )}
      </span>
      <span className={classes.groupActions}>
        <Anchor
          component={Link}
          to={withSearch(search, { status: "failed", code: errorCode, cursor: null, row: null })}
          preventScrollReset
          aria-label={`Show ${rows}: ${label}`}
        >
          Show
        </Anchor>
        <ConfirmButton
          fields={{ intent: "retry-group", code: errorCode }}
          title={`Retry ${rows}?`}
          text={`All rows that failed with “${label}” are processed again from the start.`}
          confirmLabel={`Retry ${rows}`}
          tone="quiet"
          disabledReason={
            retryable
              ? null
              : "What stands in the file must be corrected first: export the failed rows, correct them and import that file"
          }
        >
          {`Retry ${formatCount(count)}`}
        </ConfirmButton>
      </span>
    </li>
  );
}

/** Rows without a title are named by their line. */
function quoted(sample: string): string {
  return /^line \d+$/.test(sample) ? sample : `“${sample}”`;
}
