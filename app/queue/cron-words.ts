import cronstrue from "cronstrue";

/**
 * A cron expression in plain words: `At 02:30, every day`, `At 10:00, only on Sunday`. Times are those of the expression, UTC.
 *
 * @param expression five fields that the queue has parsed
 */
export function cronWords(expression: string): string {
  const words = cronstrue.toString(expression, { use24HourTimeFormat: true });
  const isDaily = expression.endsWith(" * * *");
  return isDaily && words.startsWith("At ") ? `${words}, every day` : words;
}
