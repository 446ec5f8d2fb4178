import { PassThrough } from "node:stream";
import { createReadableStreamFromReadable } from "@react-router/node";
import { isbot } from "isbot";
import { type RenderToPipeableStreamOptions, renderToPipeableStream } from "react-dom/server";
import {
  type EntryContext,
  type HandleErrorFunction,
  type RouterContextProvider,
  ServerRouter,
} from "react-router";
import { logger } from "#app/logger.server.ts";
import { cspNonceContext } from "#app/ui/csp.ts";
import { logRequestFailure } from "#app/ui/request-failure.ts";
import { StyleNonceContext } from "#app/ui/style-nonce.tsx";

/** Milliseconds that a deferred promise of a loader may take before the page is finished without it. */
export const streamTimeout = 5_000;

export const handleError: HandleErrorFunction = (error, { request }) => {
  logRequestFailure(error, request, logger);
};

/**
 * Answers a request for a document: streams as soon as the shell is rendered, or when everything is for crawlers, which
 * run no script. Rejects when the shell itself fails; a later failure makes the browser take over.
 */
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  routerContext: EntryContext,
  loadContext: RouterContextProvider,
): Promise<Response> {
  headers.set("Content-Type", "text/html; charset=utf-8");
  if (request.method === "HEAD") return Promise.resolve(new Response(null, { status, headers }));

  const nonce = loadContext.get(cspNonceContext) || undefined;
  const ready = isbot(request.headers.get("user-agent")) ? "onAllReady" : "onShellReady";
  return new Promise((resolve, reject) => {
    let shellSent = false;
    let finalStatus = status;
    const options: RenderToPipeableStreamOptions = {
      nonce,
      [ready]() {
        shellSent = true;
        const body = new PassThrough();
        resolve(new Response(createReadableStreamFromReadable(body), { status: finalStatus, headers }));
        pipe(body);
      },
      onShellError: reject,
      onError(error) {
        finalStatus = 500;
        // Before the shell is sent the rejection brings the error to handleError.
        if (shellSent) logRequestFailure(error, request, logger);
      },
    };
    const { pipe, abort } = renderToPipeableStream(
      <StyleNonceContext value={nonce}>
        <ServerRouter context={routerContext} url={request.url} nonce={nonce} />
      </StyleNonceContext>,
      options,
    );
    // A second more than the loaders get, so that React can still send their rejections to the browser.
    setTimeout(abort, streamTimeout + 1_000).unref();
  });
}
