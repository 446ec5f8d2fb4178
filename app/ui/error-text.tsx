import type { ReactNode } from "react";
import classes from "#app/ui/error-text.module.css";

export interface ErrorTextProps {
  /** What happened, to what, and what to do next, in a sentence. */
  message: string;
  /** The stable code, for example `YEAR_INVALID`. */
  code?: string | null;
  /** A link or button that leads on. */
  children?: ReactNode;
  /** Set where the error appears in answer to what somebody just did: it is then read out. */
  announce?: boolean;
}

/** An error in words, its code beside it. */
export function ErrorText({ message, code, children, announce = false }: ErrorTextProps) {
  return (
    <div className={classes.root} role={announce ? "alert" : undefined}>
      <span className={classes.message}>{message}</span>
      {code ? <code className={classes.code}>{code}</code> : null}
      {children}
    </div>
  );
}
