import { useSyncExternalStore } from "react";

const noChange = () => () => {};

/**
 * False on the server and while the browser takes its page over, true from then on: for what a server cannot know, such as
 * sizes and time zones.
 */
export function useIsInBrowser(): boolean {
  return useSyncExternalStore(
    noChange,
    () => true,
    () => false,
  );
}
