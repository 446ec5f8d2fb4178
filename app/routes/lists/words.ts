import type { EntryState } from "#app/awards/lists/list-entries.server.ts";
import type { ListRow } from "#app/awards/lists/list-lists.server.ts";
import type { StatusName } from "#app/ui/status.tsx";

/** How the last import of a list went; null: there was none. */
export function importStatus(status: ListRow["lastImportStatus"]): { status: StatusName; label: string } {
  switch (status) {
    case "success":
      return { status: "completed", label: "complete" };
    case "partial":
      return { status: "partial", label: "partial" };
    case "failed":
      return { status: "failed", label: "failed" };
    case "pending":
      return { status: "running", label: "running" };
    case null:
      return { status: "skipped", label: "not imported" };
  }
}

export const sourceWords = { imdb: "list", imdb_event: "event" } as const;

/** Titles of a list by what is known of them. */
export const stateWords: Record<EntryState, { status: StatusName; label: string }> = {
  linked: { status: "success", label: "linked" },
  open: { status: "pending", label: "looked for" },
  unlinked: { status: "review", label: "unlinked" },
  gone: { status: "removed", label: "gone" },
};

/** `Best Actor`, with the award it is of where that is another name. */
export const categoryWords = ({ award, name }: { award: string; name: string }): string =>
  award === name ? name : `${award} · ${name}`;
