import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import type { Answer } from "./answer.ts";
import type { Fault } from "./faults.ts";

const FILLER = Buffer.alloc(64 * 1024, "a");
const HTML_PAGE =
  "<!doctype html><html><head><title>One moment</title></head><body><h1>Checking your browser</h1></body></html>";

/** Writes an answer whole. */
export function send(response: ServerResponse, answer: Answer): void {
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, "content-length": String(body.length) });
  response.end(body);
}

/** Cuts the connection with a TCP reset: the client sees ECONNRESET, not a clean end. */
function cut(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

async function sendHalf(response: ServerResponse, answer: Answer): Promise<void> {
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, "content-length": String(body.length) });
  // The socket may only be ended once the half has left, or the client would see no answer at all.
  await new Promise<void>((resolve) =>
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => resolve()),
  );
  response.socket?.end();
}

async function drip(response: ServerResponse, answer: Answer, bytes: number, everyMs: number): Promise<void> {
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, "content-length": String(body.length) });
  for (let at = 0; at < body.length && !response.destroyed; at += bytes) {
    response.write(body.subarray(at, at + bytes));
    await wait(everyMs, undefined, { ref: false });
  }
  response.end();
}

/** Valid JSON of exactly `bytes` bytes, in pieces: a fault of a gigabyte must not take a gigabyte here. */
function* largeBody(bytes: number): Generator<Buffer> {
  const head = Buffer.from('{"padding":"');
  const tail = Buffer.from('"}');
  yield head;
  for (let left = bytes - head.length - tail.length; left > 0; left -= FILLER.length) {
    yield FILLER.subarray(0, Math.min(left, FILLER.length));
  }
  yield tail;
}

/**
 * Plays a fault.
 * @param effect runs the stand-in for real; called by the faults whose request takes effect, at most once.
 */
export async function sendFault(response: ServerResponse, fault: Fault, effect: () => Answer): Promise<void> {
  switch (fault.kind) {
    case "status": {
      const isText = typeof fault.body === "string";
      const type = isText ? "text/plain;charset=utf-8" : "application/json;charset=utf-8";
      const body = isText ? String(fault.body) : JSON.stringify(fault.body ?? { error: "Fault on demand" });
      return send(response, {
        status: fault.status,
        headers: { "content-type": type, ...fault.headers },
        body,
      });
    }
    case "delay":
      await wait(fault.ms, undefined, { ref: false });
      return send(response, effect());
    case "reset":
      return cut(response);
    case "garbage":
      return send(response, {
        status: 200,
        headers: { "content-type": "application/json;charset=utf-8" },
        body: '{"page":1,"results":[{"id":',
      });
    case "html":
      return send(response, {
        status: 200,
        headers: { "content-type": "text/html;charset=utf-8" },
        body: HTML_PAGE,
      });
    case "truncate":
      return await sendHalf(response, effect());
    case "drip":
      return await drip(response, effect(), fault.bytes, fault.everyMs);
    case "lostAnswer":
      effect();
      return cut(response);
    case "hang":
      return;
    case "tooLarge":
      response.writeHead(200, { "content-type": fault.contentType });
      return await pipeline(largeBody(fault.bytes), response);
  }
}
