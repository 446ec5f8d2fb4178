import { isRouteErrorResponse } from "react-router";
import { readAnswer, readError } from "#app/ui/action-answer.ts";

export interface ErrorMessage {
  status: number;
  title: string;
  /** What happened and what to do next. */
  text: string;
  /** The stable code, where there is one. */
  code: string | null;
  /** Whether the page should ask again by itself. */
  retries: boolean;
}

const KNOWN: Record<number, { title: string; text: string }> = {
  400: { title: "The request could not be read", text: "Go back, check what was entered and send it again." },
  401: {
    title: "Sign in to go on",
    text: "The session has ended or there was none. Sign in and open this page again.",
  },
  403: {
    title: "This is not allowed",
    text: "The request was refused. Open the page anew and try it from there.",
  },
  404: { title: "There is nothing here", text: "The address is wrong, or what it showed has been removed." },
  405: { title: "This address takes no such request", text: "Open the page anew and try it from there." },
  409: { title: "This has changed meanwhile", text: "Open the page anew to see how it stands now." },
  413: { title: "The file is too large", text: "Choose a smaller file, or split this one." },
  429: { title: "Too many requests", text: "Wait a minute, then try again." },
  503: { title: "The database does not answer", text: "This page tries again by itself." },
};

const UNEXPECTED = {
  title: "Something went wrong here",
  text: "The fault is on the server and has been logged. Try again; if it stays, tell whoever runs Reeldesk the time.",
};

const LOST = {
  status: 503,
  title: "The server does not answer",
  text: "The connection or the server is down. This page tries again by itself.",
};

/** A browser's `fetch` that got no answer throws a TypeError; each engine words it differently. */
function isLostConnection(error: unknown): boolean {
  return error instanceof TypeError && /failed to fetch|networkerror|load failed/i.test(error.message);
}

/**
 * What a person should read of whatever a route threw. A sentence of our own (`{error: {code, message}}`) is shown as it is; anything else
 * is described by its status alone, so that no stack, query or path ever reaches the screen.
 */
export function describeError(error: unknown): ErrorMessage {
  if (isLostConnection(error)) return { ...LOST, code: null, retries: true };
  if (!isRouteErrorResponse(error)) return { status: 500, ...UNEXPECTED, code: null, retries: false };
  const said = readAnswer(error.data).error ?? readError(error.data);
  const known = KNOWN[error.status] ?? UNEXPECTED;
  return {
    status: error.status,
    title: known.title,
    text: said?.message ?? known.text,
    code: said?.code ?? null,
    retries: error.status === 503,
  };
}
