import { Modal } from "@mantine/core";
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Kbd } from "#app/ui/kbd.tsx";
import { isTyping, readKey } from "#app/ui/shortcut-keys.ts";
import classes from "#app/ui/shortcuts.module.css";

export interface Shortcut {
  /** One key, `j`, or two in a row, `g i`. */
  keys: string;
  /** What it does, for the sheet. */
  label: string;
  run: () => void;
}

interface Shortcuts {
  register: (shortcut: Shortcut) => () => void;
  block: () => () => void;
  openSheet: () => void;
}

const ShortcutsContext = createContext<Shortcuts | null>(null);

/** Milliseconds within which the second key of a sequence must follow. */
const SEQUENCE_MS = 1_500;

/**
 * Registers a shortcut while the component is on screen. Of several with the same keys the last one to appear wins, so a drawer's
 * `j` goes before the table's under it. Null registers nothing.
 */
export function useShortcut(shortcut: Shortcut | null): void {
  const register = use(ShortcutsContext)?.register;
  const latest = useRef(shortcut);
  useEffect(() => {
    latest.current = shortcut;
  });
  const keys = shortcut?.keys;
  const label = shortcut?.label;
  useEffect(() => {
    if (!register || keys === undefined || label === undefined) return;
    return register({ keys, label, run: () => latest.current?.run() });
  }, [register, keys, label]);
}

/**
 * Keeps all shortcuts off while a dialog asks something: its Escape must not leave the page as well, and what it asks about must not
 * change under it.
 */
export function useNoShortcuts(active: boolean): void {
  const block = use(ShortcutsContext)?.block;
  useEffect(() => (active ? block?.() : undefined), [active, block]);
}

/** Opens the sheet of shortcuts. */
export function useShortcutSheet(): () => void {
  return use(ShortcutsContext)?.openSheet ?? (() => {});
}

/** Listens to the keyboard for the whole page and holds the sheet. */
export function ShortcutsProvider({ children }: { children: ReactNode }) {
  const registered = useRef<Shortcut[]>([]);
  const blocks = useRef(0);
  const [sheet, setSheet] = useState<readonly Shortcut[] | null>(null);

  const register = useCallback((shortcut: Shortcut) => {
    registered.current = [...registered.current, shortcut];
    return () => {
      registered.current = registered.current.filter((other) => other !== shortcut);
    };
  }, []);
  const block = useCallback(() => {
    blocks.current += 1;
    return () => {
      // Not before the key that closed the dialog has reached everybody: React draws between two listeners.
      setTimeout(() => {
        blocks.current -= 1;
      });
    };
  }, []);
  const openSheet = useCallback(() => setSheet(registered.current), []);
  const shortcuts = useMemo(() => ({ register, block, openSheet }), [register, block, openSheet]);
  useKeyboard(registered, blocks);

  return (
    <ShortcutsContext value={shortcuts}>
      {children}
      <SheetShortcut open={openSheet} />
      <SearchShortcut />
      <Sheet shortcuts={sheet} onClose={() => setSheet(null)} />
    </ShortcutsContext>
  );
}

function useKeyboard(
  registered: { readonly current: readonly Shortcut[] },
  blocks: { readonly current: number },
): void {
  useEffect(() => {
    let pending: { key: string; until: number } | null = null;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || blocks.current > 0 || isTyping(event)) return;
      const first = pending !== null && event.timeStamp < pending.until ? pending.key : null;
      pending = null;
      const outcome = readKey(
        registered.current.map((shortcut) => shortcut.keys),
        first,
        event.key,
      );
      if (outcome === null) return;
      if ("pending" in outcome) {
        pending = { key: outcome.pending, until: event.timeStamp + SEQUENCE_MS };
        return;
      }
      event.preventDefault();
      registered.current.findLast((shortcut) => shortcut.keys === outcome.run)?.run();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [registered, blocks]);
}

function SheetShortcut({ open }: { open: () => void }) {
  useShortcut({ keys: "?", label: "Show this sheet", run: open });
  return null;
}

function SearchShortcut() {
  useShortcut({
    keys: "/",
    label: "Search",
    run: () => document.querySelector<HTMLInputElement>("input[type=search]")?.focus(),
  });
  return null;
}

function Sheet({ shortcuts, onClose }: { shortcuts: readonly Shortcut[] | null; onClose: () => void }) {
  useNoShortcuts(shortcuts !== null);
  const labels = new Map(shortcuts?.map((shortcut) => [shortcut.keys, shortcut.label]));
  const rows = [...labels].sort(([left], [right]) => left.length - right.length || left.localeCompare(right));
  return (
    <Modal
      opened={shortcuts !== null}
      onClose={onClose}
      title="Keyboard"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <dl className={classes.sheet}>
        {rows.map(([keys, label]) => (
          <div key={keys} className={classes.row}>
            <dt>
              <Kbd keys={keys} />
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
