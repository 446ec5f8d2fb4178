import { ActionIcon, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { copyText } from "#app/ui/clipboard.ts";

export interface CopyButtonProps {
  /** The text, or what makes it when asked. */
  value: string | (() => string);
  /** What the button does: `Copy the key`. */
  label: string;
}

type Outcome = "idle" | "copied" | "refused";

/** Copies a text, also on plain http, and says whether it did. */
export function CopyButton({ value, label }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<Outcome>("idle");
  useEffect(() => {
    if (outcome === "idle") return;
    const timer = setTimeout(() => setOutcome("idle"), 2_000);
    return () => clearTimeout(timer);
  }, [outcome]);
  const words = {
    idle: label,
    copied: "Copied",
    refused: "The browser did not allow it: select and copy by hand",
  };
  return (
    <Tooltip label={words[outcome]}>
      <ActionIcon
        aria-label={words[outcome]}
        onClick={async () => {
          const copied = await copyText(typeof value === "string" ? value : value());
          setOutcome(copied ? "copied" : "refused");
        }}
      >
        {outcome === "copied" ? <IconCheck size={16} stroke={1.5} /> : <IconCopy size={16} stroke={1.5} />}
      </ActionIcon>
    </Tooltip>
  );
}
