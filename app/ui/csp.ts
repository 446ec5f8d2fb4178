import { createContext } from "react-router";

/**
 * The nonce of the document being answered. The root middleware sets it before `next()` and sends the same value in
 * the header; `entry.server.tsx` puts it on every script and style of the document. Empty: no policy is in force.
 */
export const cspNonceContext = createContext<string>("");

/**
 * A fresh nonce of 128 random bits, base64.
 */
export function createNonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
}

export interface ContentSecurityPolicyOptions {
  /** True under `npm run dev`: Vite's styles carry no nonce and its reload runs over a web socket. */
  dev?: boolean;
  /** Further origins that posters may come from, for example the host of `TMDB_IMAGE_BASE_URL`. */
  imageOrigins?: readonly string[];
}

/**
 * The `Content-Security-Policy` of every document.
 *
 * Style *elements* need the nonce; style *attributes* are allowed, because Mantine passes its variables through them in
 * server-rendered HTML and a nonce cannot cover an attribute. An attribute cannot carry a selector or an import, so what an
 * injected one could do is small, and `img-src` keeps it from calling out.
 */
export function contentSecurityPolicy(nonce: string, options: ContentSecurityPolicyOptions = {}): string {
  const { dev = false, imageOrigins = [] } = options;
  const images = new Set(["'self'", "data:", "https://image.tmdb.org", ...imageOrigins]);
  const directives: [name: string, ...sources: string[]][] = [
    ["default-src", "'self'"],
    ["script-src", "'self'", `'nonce-${nonce}'`],
    // A nonce makes browsers ignore 'unsafe-inline', so development names one or the other.
    dev ? ["style-src", "'self'", "'unsafe-inline'"] : ["style-src", "'self'", `'nonce-${nonce}'`],
    ["style-src-attr", "'unsafe-inline'"],
    ["img-src", ...images],
    ["font-src", "'self'"],
    ["connect-src", "'self'", ...(dev ? ["ws:", "wss:"] : [])],
    ["object-src", "'none'"],
    ["base-uri", "'none'"],
    ["form-action", "'self'"],
    ["frame-ancestors", "'none'"],
  ];
  return directives.map((directive) => directive.join(" ")).join("; ");
}
