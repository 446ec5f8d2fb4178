import { Kbd as MantineKbd } from "@mantine/core";
import { Fragment } from "react";

/** One key, or several pressed one after another: `g i`. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span>
      {keys.split(" ").map((key, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a sequence may hold the same key twice and never changes
        <Fragment key={index}>
          {index > 0 ? " " : null}
          <MantineKbd>{key}</MantineKbd>
        </Fragment>
      ))}
    </span>
  );
}
