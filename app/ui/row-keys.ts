import type { RefObject } from "react";
import { useShortcut } from "#app/ui/shortcuts.tsx";

/**
 * `j` and `k` move the focus through the rows of a table, `x` ticks the box of the row that has it; Enter is the link's own.
 *
 * @param body the `tbody`, whose rows carry `data-row`
 */
export function useRowKeys(body: RefObject<HTMLTableSectionElement | null>, active: boolean): void {
  const move = (step: 1 | -1) => {
    const rows = [...(body.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
    const present = rows.findIndex((row) => row.contains(document.activeElement));
    // From outside the table, either key begins at the row whose drawer is open, or at the top.
    const open = rows.findIndex((row) => row.hasAttribute("data-active"));
    const next = present >= 0 ? present + step : Math.max(0, open);
    const row = rows[Math.min(rows.length - 1, Math.max(0, next))];
    const link = row?.querySelector<HTMLElement>("[data-row-link]") ?? row;
    link?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  };
  useShortcut(active ? { keys: "j", label: "Next row", run: () => move(1) } : null);
  useShortcut(active ? { keys: "k", label: "Previous row", run: () => move(-1) } : null);
  useShortcut(
    active
      ? {
          keys: "x",
          label: "Select the row",
          run: () =>
            document.activeElement
              ?.closest("[data-row]")
              ?.querySelector<HTMLElement>("[data-row-check]")
              ?.click(),
        }
      : null,
  );
}
