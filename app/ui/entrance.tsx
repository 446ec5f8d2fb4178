import type { ReactNode } from "react";
import classes from "#app/ui/entrance.module.css";
import { documentTitle } from "#app/ui/format.ts";

export interface EntranceProps {
  title: string;
  /** A sentence on what this is for. */
  children: ReactNode;
  form: ReactNode;
}

/** A screen outside the shell, before anybody is signed in: one narrow column. */
export function Entrance({ title, children, form }: EntranceProps) {
  return (
    <main className={classes.root}>
      <title>{documentTitle(title)}</title>
      <p className={classes.brand}>Reeldesk</p>
      <h1 className={classes.title}>{title}</h1>
      {children ? <p className={classes.intro}>{children}</p> : null}
      {form}
    </main>
  );
}
