import { appContext } from "#app/context.server.ts";
import { byMethod, type DoorArgs } from "#app/routes/api/by-method.ts";
import { mediaAnswer } from "#app/works/media-answer.server.ts";

const methods = byMethod({ GET: show });
export const loader = methods;
export const action = methods;

/** `GET /media/:id` */
async function show({ params }: DoorArgs): Promise<Response> {
  return Response.json(await mediaAnswer(appContext().db, params.id ?? ""));
}
