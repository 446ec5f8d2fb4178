import type { MiddlewareFunction } from "react-router";
import { appOrigin } from "#app/accounts/session-of-request.server.ts";
import { appContext } from "#app/context.server.ts";
import { AppError } from "#app/errors.ts";
import { accessTo } from "#app/middleware/access.ts";
import { expectedErrorAnswer } from "#app/middleware/error-answer.server.ts";
import { isMachineRequest, isOwnOrigin } from "#app/middleware/origin.ts";

/** Refuses every mutation that another site could have made somebody's browser send. Runs for resource routes too. */
export const checkOrigin: MiddlewareFunction<Response> = async ({ request, url }, next) => {
  if (accessTo(url.pathname) === "key" && isMachineRequest(request.headers)) return next();
  if (isOwnOrigin(request.method, request.headers, appOrigin(request, appContext().config))) return next();
  throw expectedErrorAnswer(
    new AppError(
      "FOREIGN_ORIGIN",
      403,
      "This request did not come from one of Reeldesk's own pages, so it was refused and nothing was done. Open the page in Reeldesk and press there. If this is your own page, APP_URL does not match the address in the browser.",
    ),
  );
};
