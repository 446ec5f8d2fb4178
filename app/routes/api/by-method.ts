import type { ActionFunctionArgs, LoaderFunctionArgs } from "react-router";
import { AppError } from "#app/errors.ts";
import { door } from "#app/middleware/door.server.ts";

export type DoorArgs = LoaderFunctionArgs | ActionFunctionArgs;
type Handler = (args: DoorArgs) => Promise<Response> | Response;

/**
 * Loader and action of a URL that answers by itself. GET serves HEAD as well; other methods get a 405 that names those
 * that there are, where React Router would answer with a line of plain text.
 */
export function byMethod(handlers: {
  GET?: Handler;
  POST?: Handler;
  PATCH?: Handler;
}): (args: DoorArgs) => Promise<Response> {
  const allowed = Object.keys(handlers).flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
  return door(async (args: DoorArgs) => {
    const { method } = args.request;
    const handler = method === "GET" || method === "HEAD" ? handlers.GET : handlers[method as "POST"];
    return handler ? handler(args) : methodNotAllowed(method, allowed);
  });
}

function methodNotAllowed(method: string, allowed: readonly string[]): Response {
  const error = new AppError(
    "METHOD_NOT_ALLOWED",
    405,
    `This address does not take ${method} requests. Use ${allowed.join(" or ")}.`,
    { allowed },
  );
  return Response.json(
    { error: { code: error.code, message: error.userMessage, details: error.details } },
    { status: 405, headers: { allow: allowed.join(", ") } },
  );
}
