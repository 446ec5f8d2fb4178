import { createContext, use } from "react";

/** Holds the nonce while the server renders. In the browser it has no provider: see `useStyleNonce`. */
export const StyleNonceContext = createContext<string | undefined>(undefined);

/**
 * The nonce that scripts and styles of this document carry, or undefined where no policy is in force.
 *
 * Browsers empty the `nonce` attribute but keep the property for scripts, which is where styles that Mantine adds later
 * get theirs from.
 */
export function useStyleNonce(): string | undefined {
  return use(StyleNonceContext) ?? documentNonce();
}

/**
 * The nonce of the document that is on screen; undefined on the server.
 */
export function documentNonce(): string | undefined {
  if (typeof document === "undefined") return undefined;
  return document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce || undefined;
}
