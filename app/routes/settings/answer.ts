import type { ErrorBody } from "#app/middleware/error-body.ts";
import type { SettingsAnswer } from "#app/routes/settings/actions.server.ts";

/** What the last form that was sent as a navigation got back; undefined before that. */
export type Answer = SettingsAnswer | ErrorBody | null | undefined;

/** The answer of a form that succeeded, or undefined. */
export function doneAnswer(answer: Answer, intent: string): SettingsAnswer | undefined {
  return answer && "intent" in answer && answer.intent === intent ? answer : undefined;
}
