import { Anchor, Drawer } from "@mantine/core";
import { Link, useLocation, useNavigate } from "react-router";
import { labelOf } from "#app/accounts/audit-actions.ts";
import classes from "#app/routes/settings/audit/audit.module.css";
import { Subject } from "#app/routes/settings/audit/audit-columns.tsx";
import { actorWords } from "#app/routes/settings/audit/audit-filter.ts";
import type { ShownEntry } from "#app/routes/settings/audit/load-audit.server.ts";
import { CopyButton } from "#app/ui/copy-button.tsx";
import { Facts } from "#app/ui/facts.tsx";
import { Json } from "#app/ui/json.tsx";
import { Moment } from "#app/ui/moment.tsx";
import { withSearch } from "#app/ui/search-params.ts";

/** One entry with all that was kept of it, beside the table; it stands in the URL. */
export function EntryDrawer({ entry }: { entry: ShownEntry | null }) {
  const { search } = useLocation();
  const navigate = useNavigate();
  return (
    <Drawer
      opened={entry !== null}
      onClose={() => navigate(withSearch(search, { entry: null }), { preventScrollReset: true })}
      lockScroll={false}
      overlayProps={{ backgroundOpacity: 0.15 }}
      closeButtonProps={{ "aria-label": "Close" }}
      title={entry ? labelOf(entry.action) : "Entry"}
    >
      {entry ? <Entry entry={entry} /> : null}
    </Drawer>
  );
}

function Entry({ entry }: { entry: ShownEntry }) {
  const only = (param: string, value: string) => `?${new URLSearchParams({ [param]: value })}`;
  return (
    <Facts
      facts={[
        { label: "When", value: <Moment at={entry.at} /> },
        {
          label: "Who",
          value: (
            <>
              <Anchor component={Link} to={only("actor", entry.actor)} inherit underline="always">
                {entry.actor}
              </Anchor>{" "}
              <span className={classes.kind}>{actorWords[entry.actorType]}</span>
            </>
          ),
        },
        {
          label: "Action",
          value: (
            <Anchor component={Link} to={only("action", entry.action)} className={classes.id}>
              {entry.action}
            </Anchor>
          ),
        },
        entry.subject === null ? null : { label: "To what", value: <Subject entry={entry} /> },
        entry.subject === null
          ? null
          : {
              label: "All done to it",
              value: (
                <Anchor component={Link} to={only("subject", entry.subject)} className={classes.id}>
                  {entry.subject}
                </Anchor>
              ),
            },
        entry.requestId === null
          ? null
          : {
              label: "Request",
              value: (
                <>
                  <span className={classes.id}>{entry.requestId}</span>
                  <CopyButton value={entry.requestId} label="Copy the request id" />
                </>
              ),
            },
        entry.details === null
          ? null
          : { label: "Details", value: <Json label="the details" value={entry.details} /> },
      ]}
    />
  );
}
