import { Anchor, Button } from "@mantine/core";
import { useEffect } from "react";
import { Link, useLocation, useRevalidator } from "react-router";
import { describeError } from "#app/ui/error-message.ts";
import classes from "#app/ui/error-page.module.css";
import { documentTitle } from "#app/ui/format.ts";

/** Milliseconds between two attempts of a page that tries again by itself. */
const RETRY_MS = 5_000;

export interface ErrorPageProps {
  error: unknown;
  /** Nothing else is on the screen: it then stands where the eye begins. */
  alone?: boolean;
}

/** A calm page for whatever a route threw: what happened, and the next step. For the `ErrorBoundary` of any route. */
export function ErrorPage({ error, alone = false }: ErrorPageProps) {
  const { pathname, search } = useLocation();
  const message = describeError(error);
  useRetry(message.retries);
  return (
    <div className={classes.root} data-alone={alone || undefined}>
      <title>{documentTitle(message.title)}</title>
      <h1 className={classes.title}>{message.title}</h1>
      <p className={classes.text} role="status">
        {message.text}
      </p>
      <div className={classes.next}>
        {message.status === 401 ? (
          <Anchor component={Link} to={`/sign-in?next=${encodeURIComponent(pathname + search)}`}>
            Sign in
          </Anchor>
        ) : (
          <>
            <Anchor component={Link} to="/">
              Back to the overview
            </Anchor>
            {message.status >= 500 ? <TryAgain /> : null}
          </>
        )}
      </div>
      <p className={classes.code}>
        {message.status}
        {message.code === null ? null : <code>{message.code}</code>}
      </p>
    </div>
  );
}

function TryAgain() {
  const { pathname, search } = useLocation();
  const revalidator = useRevalidator();
  return (
    <form method="get" action={pathname + search}>
      <Button
        type="submit"
        loading={revalidator.state !== "idle"}
        onClick={(event) => {
          event.preventDefault();
          revalidator.revalidate();
        }}
      >
        Try again
      </Button>
    </form>
  );
}

function useRetry(active: boolean): void {
  const revalidator = useRevalidator();
  const idle = revalidator.state === "idle";
  useEffect(() => {
    if (!active || !idle) return;
    const timer = setTimeout(() => revalidator.revalidate(), RETRY_MS);
    return () => clearTimeout(timer);
  }, [active, idle, revalidator]);
}
