import type { IncomingHttpHeaders } from "node:http";

/** What a stand-in is asked: `path` is what follows the service's own prefix, "/" at least. */
export type SandboxRequest = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
};

/** What a stand-in answers, before faults have their say. */
export type Answer = { status: number; headers: Record<string, string>; body: string | Uint8Array };

/** A JSON answer. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { "content-type": "application/json;charset=utf-8", ...headers },
    body: JSON.stringify(body),
  };
}

/** The first value of a request header, or null. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name.toLowerCase()];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
