import { appContext } from "#app/context.server.ts";
import { attachment } from "#app/imports/attachment.ts";
import { readFile } from "#app/imports/jobs.server.ts";
import { byMethod, type DoorArgs } from "#app/routes/api/by-method.ts";

const methods = byMethod({ GET: download });
export const loader = methods;
export const action = methods;

/** `GET /imports/:jobId/file`: the file byte for byte as it was uploaded; never shown in the browser, whatever it holds. */
async function download({ params }: DoorArgs): Promise<Response> {
  const { fileName, content } = await readFile(appContext().db, params.jobId ?? "");
  return new Response(new Uint8Array(content), {
    headers: {
      "content-type": "application/octet-stream",
      "content-length": String(content.byteLength),
      "content-disposition": attachment(fileName),
      "x-content-type-options": "nosniff",
    },
  });
}
