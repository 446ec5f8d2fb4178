import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { type ButtonTone, ReasonedButton, toneProps } from "#app/ui/post-button.tsx";

export interface LinkButtonProps {
  to: string;
  children: ReactNode;
  tone?: ButtonTone;
  icon?: ReactNode;
  /** The address answers with a file, which the browser saves. */
  download?: boolean;
  /** Set when it leads nowhere now: the button stays, greyed, and says why. */
  disabledReason?: string | null;
}

/** A link that looks like a button, because it begins something or fetches a file. */
export function LinkButton({
  to,
  children,
  tone = "default",
  icon,
  download,
  disabledReason,
}: LinkButtonProps) {
  if (disabledReason) {
    return (
      <ReasonedButton tone={tone} icon={icon} disabledReason={disabledReason}>
        {children}
      </ReasonedButton>
    );
  }
  if (download) {
    return (
      <Button component="a" href={to} download {...toneProps(tone)} leftSection={icon}>
        {children}
      </Button>
    );
  }
  return (
    <Button component={Link} to={to} {...toneProps(tone)} leftSection={icon}>
      {children}
    </Button>
  );
}
