import type { MiddlewareFunction } from "react-router";
import { answerHeaders } from "#app/middleware/answer-headers.server.ts";
import { checkAccess } from "#app/middleware/check-access.server.ts";
import { checkOrigin } from "#app/middleware/check-origin.server.ts";
import { markReader } from "#app/middleware/mark-reader.server.ts";

/**
 * The root route's middleware, outermost first. React Router 8.4 runs it for documents, `.data` requests and resource
 * routes alike (checked by running all three), but not for URLs that match no route: the route map therefore ends in
 * a `*` route.
 */
export const rootMiddleware: MiddlewareFunction<Response>[] = [
  answerHeaders,
  checkOrigin,
  markReader,
  checkAccess,
];
