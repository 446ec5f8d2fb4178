import type { TakenBack } from "#app/imports/review/take-back.server.ts";
import { formatQuantity } from "#app/ui/format.ts";

/** What came of taking a decision back: how many rows wait again, how many do not, and why. */
export function takenBackSentence(
  done: "Undone" | "Revoked",
  { rows, imports, written, inHand }: TakenBack,
): string {
  const where = imports > 1 ? ` in ${formatQuantity(imports, "import")}` : "";
  const sentences = [
    rows === 0
      ? `${done}.`
      : `${done}. ${formatQuantity(rows, "row")}${where} ${rows === 1 ? "waits" : "wait"} again.`,
    written > 0
      ? `${formatQuantity(written, "row")} ${written === 1 ? "stays" : "stay"} in the catalogue as ${written === 1 ? "it was" : "they were"} written.`
      : null,
    inHand > 0
      ? `${formatQuantity(inHand, "row")} ${inHand === 1 ? "is" : "are"} in a worker's hand and ${inHand === 1 ? "ends" : "end"} as decided.`
      : null,
  ];
  return sentences.filter((sentence) => sentence !== null).join(" ");
}
