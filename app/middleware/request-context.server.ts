import { createContext, type RouterContextProvider } from "react-router";
import type { Actor } from "#app/accounts/actor.ts";
import { AppError } from "#app/errors.ts";

/** The signed-in operator of a request. */
export interface SignedInOperator {
  id: string;
  email: string;
  /** Names the session among the operator's own (hex). It is no secret: the cookie's token cannot be had from it. */
  sessionId: string;
}

/** A fresh id for every request: in the answer's `x-request-id`, in logs and in the audit log. */
export const requestIdContext = createContext<string>("");

/** The client's address as the web server saw it, or null when unknown. */
export const clientAddressContext = createContext<string | null>(null);

/** Set by the session middleware; null for machine API requests and on the open pages of somebody not signed in. */
export const operatorContext = createContext<SignedInOperator | null>(null);

/** Who is acting, operator or API key; null on open pages. */
export const actorContext = createContext<Actor | null>(null);

type ReadableContext = Readonly<RouterContextProvider>;

/**
 * The signed-in operator. The root middleware has let nobody else come this far; this gives the type, and holds should
 * a route ever be mounted without it.
 *
 * @throws AppError 401 `NOT_SIGNED_IN`
 */
export function requireOperator(context: ReadableContext): SignedInOperator {
  const operator = context.get(operatorContext);
  if (!operator) throw notSignedIn();
  return operator;
}

/**
 * Whoever acts in this request: an operator, or a machine by its API key.
 *
 * @throws AppError 401 `NOT_SIGNED_IN`
 */
export function requireActor(context: ReadableContext): Actor {
  const actor = context.get(actorContext);
  if (!actor) throw notSignedIn();
  return actor;
}

/** 401 for a mutation without a session. Nothing has been read from the request's body by then. */
export function notSignedIn(): AppError {
  return new AppError(
    "NOT_SIGNED_IN",
    401,
    "You are signed out, so this was not done. Nothing was lost: sign in in another tab, then come back here and press again.",
  );
}
