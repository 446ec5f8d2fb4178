import { type LoaderFunctionArgs, useLoaderData, useLocation } from "react-router";
import { auditAreas, labelOf } from "#app/accounts/audit-actions.ts";
import { appContext } from "#app/context.server.ts";
import { door } from "#app/middleware/door.server.ts";
import classes from "#app/routes/settings/audit/audit.module.css";
import { auditColumns } from "#app/routes/settings/audit/audit-columns.tsx";
import { actorWords, auditSpans, isAuditFiltered } from "#app/routes/settings/audit/audit-filter.ts";
import { ChoiceField } from "#app/routes/settings/audit/choice-field.tsx";
import { EntryDrawer } from "#app/routes/settings/audit/entry-drawer.tsx";
import { loadAudit, type ShownEntry } from "#app/routes/settings/audit/load-audit.server.ts";
import { settingsTabs } from "#app/routes/settings/settings-tabs.ts";
import { DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { FilterChips } from "#app/ui/filter-chips.tsx";
import { KeysetPager } from "#app/ui/keyset-pager.tsx";
import { LinkButton } from "#app/ui/link-button.tsx";
import { Page } from "#app/ui/page.tsx";
import { SearchField } from "#app/ui/search-field.tsx";
import { withSearch } from "#app/ui/search-params.ts";
import { Toolbar } from "#app/ui/toolbar.tsx";

export const loader = door(({ url }: LoaderFunctionArgs) => loadAudit(appContext().db, url.searchParams));

const rowId = ({ id }: ShownEntry) => id;

/** Who did what to what, newest first. */
export default function AuditLog() {
  const { view, vocabulary, entries, opened, nextCursor } = useLoaderData<typeof loader>();
  const { search } = useLocation();
  const choices = vocabulary.actions
    .map((action) => ({ value: action, label: `${labelOf(action)} (${action})` }))
    .sort((a, b) => a.label.localeCompare(b.label));
  return (
    <Page
      title="Settings"
      tabs={settingsTabs("audit")}
      actions={
        <LinkButton to={`/settings/audit.csv${withSearch(search, { cursor: null, entry: null })}`} download>
          Export CSV
        </LinkButton>
      }
    >
      <Toolbar search={<SearchField label="Done to, such as import:ID" param="subject" />}>
        <FilterChips
          label="Actions by area"
          param="area"
          current={view.area ?? null}
          chips={auditAreas.map(({ area, label }) => ({ value: area, label }))}
        />
      </Toolbar>
      <div className={classes.filters}>
        <ChoiceField
          label="Who"
          param="actor"
          current={view.actor}
          choices={vocabulary.actors.map((actor) => ({ value: actor, label: actor }))}
        />
        <ChoiceField label="Action" param="action" current={view.action} choices={choices} />
        <FilterChips
          label="Who by kind"
          param="by"
          current={view.by ?? null}
          chips={Object.entries(actorWords).map(([value, label]) => ({ value, label }))}
        />
        <FilterChips
          label="Time"
          param="since"
          current={view.since ?? null}
          chips={auditSpans.map((span) => ({ value: span, label: `last ${span}` }))}
        />
      </div>
      <DataTable
        label="Audit log"
        columns={auditColumns}
        rows={entries}
        rowId={rowId}
        rowHref={({ id }) => withSearch(search, { entry: id })}
        activeRow={opened?.id ?? null}
        empty={
          isAuditFiltered(view) ? (
            <EmptyState kind="match" clearTo="/settings/audit" />
          ) : (
            <EmptyState kind="yet" title="Nothing was done yet">
              Whatever operators and API keys change is written down here.
            </EmptyState>
          )
        }
      />
      <KeysetPager label="Audit log" next={nextCursor} shown={entries.length} />
      <EntryDrawer entry={opened} />
    </Page>
  );
}
