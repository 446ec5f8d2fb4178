import type { ReactNode } from "react";
import classes from "#app/ui/toolbar.module.css";

export interface ToolbarProps {
  /** Filters, at the left. */
  children: ReactNode;
  /** The search, at the right. */
  search?: ReactNode;
}

/** What narrows the table under it. */
export function Toolbar({ children, search }: ToolbarProps) {
  return (
    <div className={classes.toolbar}>
      <div>{children}</div>
      {search ? <div className={classes.search}>{search}</div> : null}
    </div>
  );
}
