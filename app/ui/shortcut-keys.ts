/** What a key press leads to. */
export type KeyOutcome = { run: string } | { pending: string } | null;

/**
 * Decides what a key means. Shortcuts are one key (`j`) or two in a row (`g i`).
 *
 * @param known every shortcut there is at the moment
 * @param pending the first key of a sequence that was pressed just before, if any
 * @param key `KeyboardEvent.key`
 */
export function readKey(known: Iterable<string>, pending: string | null, key: string): KeyOutcome {
  const shortcuts = new Set(known);
  if (pending !== null && shortcuts.has(`${pending} ${key}`)) return { run: `${pending} ${key}` };
  for (const shortcut of shortcuts) {
    if (shortcut.startsWith(`${key} `)) return { pending: key };
  }
  return shortcuts.has(key) ? { run: key } : null;
}

/**
 * Whether a key press belongs to what somebody is writing, or to the browser, and is none of our business.
 */
export function isTyping(
  event: Pick<KeyboardEvent, "target" | "ctrlKey" | "metaKey" | "altKey" | "isComposing">,
): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  if (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  )
    return true;
  return (
    target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit"].includes(target.type)
  );
}
