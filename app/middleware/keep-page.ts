import { type DataStrategyResult, data, isRouteErrorResponse, type MiddlewareFunction } from "react-router";
import { isErrorBody } from "#app/middleware/error-body.ts";

/**
 * Client middleware of the root route. When a form is refused before its action ran (signed out, foreign origin, database
 * away), React Router would put the ErrorBoundary in the place of the page, and what was typed would be gone. The refusal
 * is handed to the form as data instead, like any other that its action might have answered.
 */
export const keepPage: MiddlewareFunction<Record<string, DataStrategyResult>> = async ({ request }, next) => {
  const results = await next();
  if (request.method === "GET") return results;
  return Object.fromEntries(
    Object.entries(results).map(([routeId, result]) => [
      routeId,
      result.type === "error" ? asData(result) : result,
    ]),
  );
};

function asData(refused: DataStrategyResult): DataStrategyResult {
  const { result } = refused;
  if (!isRouteErrorResponse(result) || !isErrorBody(result.data)) return refused;
  // With its status: a refusal does not make the loaders run again, which without a session would lead away from the page.
  return { type: "data", result: data(result.data, { status: result.status }) };
}
