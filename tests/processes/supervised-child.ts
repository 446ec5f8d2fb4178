/**
 * A child that a supervisor runs: `supervised-child.ts FILE [CODE]`. Appends its pid to the file; ends with the code the
 * first time when one is given, else when it is told to.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { listenForStop } from "#scripts/stop-signal.ts";

const stop = listenForStop();
const [file = "", code] = process.argv.slice(2);
appendFileSync(file, `${process.pid}\n`);
const isFirst = readFileSync(file, "utf8").trim().split("\n").length === 1;
if (code && isFirst) process.exit(Number(code));
process.send?.({ running: process.pid });
const alive = setInterval(() => {}, 60_000);
await stop.received;
clearInterval(alive);
appendFileSync(file, "stopped\n");
process.exit(0);
