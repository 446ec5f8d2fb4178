import { appOrigin } from "#app/accounts/session-of-request.server.ts";
import { appContext } from "#app/context.server.ts";
import { byMethod, type DoorArgs } from "#app/routes/api/by-method.ts";
import { openApiDocument } from "#app/routes/api/openapi-document.ts";
import manifest from "../../../package.json" with { type: "json" };

const methods = byMethod({ GET: document });
export const loader = methods;
export const action = methods;

/** `GET /openapi.json` */
function document({ request }: DoorArgs): Response {
  return Response.json(openApiDocument(appOrigin(request, appContext().config), manifest.version));
}
