import { useState } from "react";
import type { SettingsAnswer } from "#app/routes/settings/actions.server.ts";

/**
 * A key for a form that starts afresh after each success, so that no password stays in its fields, and keeps what was
 * typed over refusals.
 */
export function useFormKey(done: SettingsAnswer | undefined): number {
  const [state, setState] = useState({ done, key: 0 });
  if (done === undefined || done === state.done) return state.key;
  const next = { done, key: state.key + 1 };
  setState(next);
  return next.key;
}
