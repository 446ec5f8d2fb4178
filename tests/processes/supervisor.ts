/** A parent that supervises one child until it is killed: `supervisor.ts FILE`. */
import { join } from "node:path";
import { superviseChild } from "#scripts/child.ts";

const [file = ""] = process.argv.slice(2);
superviseChild({
  name: "child",
  args: [join(import.meta.dirname, "supervised-child.ts"), file],
  env: process.env,
  output: "stderr",
  onMessage: (message) => process.send?.(message ?? {}),
});
