/** Everything on this machine: `npm start`. */
import { config } from "#app/config.server.ts";
import { exitWith } from "#scripts/exit.ts";
import { startStack } from "#scripts/stack.ts";
import { listenForStop } from "#scripts/stop-signal.ts";

const stop = listenForStop();

try {
  const { DATA_DIR: dataDir } = config();
  const stack = await startStack({
    env: process.env,
    dataDir,
    output: "stdout",
    anyPort: false,
    signal: stop.signal,
  });
  stop.onImpatience(stack.hurry);
  const failure = await Promise.race([stop.received, stack.failed.catch((error: unknown) => error)]);
  await stack.stop();
  if (failure) exitWith(failure);
  process.exit(0);
} catch (error) {
  // Stopped while still starting: what was running by then is stopped already.
  if (stop.signal.aborted) process.exit(0);
  exitWith(error);
}
