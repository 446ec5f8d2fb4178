import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import classes from "#app/ui/empty-state.module.css";

export type EmptyStateProps =
  | {
      /** Nothing is there yet: say what will be, and what to do. */
      kind: "yet";
      title: string;
      children?: ReactNode;
      action?: ReactNode;
    }
  | {
      /** Something is there, but the filters let nothing through. */
      kind: "match";
      title?: string;
      children?: ReactNode;
      /** The same page without filters. */
      clearTo: string;
    }
  | {
      /** Nothing is wrong: say so. */
      kind: "clear";
      title: string;
      children?: ReactNode;
    };

/** What stands where rows would: nothing yet, nothing that matches, or nothing wrong. */
export function EmptyState(props: EmptyStateProps) {
  const title = props.kind === "match" ? (props.title ?? "Nothing matches these filters") : props.title;
  return (
    <div className={classes.root} data-kind={props.kind}>
      <p className={classes.title}>
        {props.kind === "clear" ? <span className={classes.dot} aria-hidden /> : null}
        {title}
      </p>
      {props.children ? <div className={classes.text}>{props.children}</div> : null}
      {props.kind === "match" ? (
        <Anchor component={Link} to={props.clearTo} preventScrollReset>
          Clear filters
        </Anchor>
      ) : null}
      {props.kind === "yet" && props.action ? <div className={classes.action}>{props.action}</div> : null}
    </div>
  );
}
