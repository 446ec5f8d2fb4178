import { AppError } from "#app/errors.ts";
import { attachment } from "#app/imports/attachment.ts";
import { templateCsv } from "#app/imports/failed-rows-csv.ts";
import { adapters } from "#app/imports/sources/registry.ts";
import { byMethod, type DoorArgs } from "#app/routes/api/by-method.ts";

const methods = byMethod({ GET: download });
export const loader = methods;
export const action = methods;

/** `GET /imports/templates/:format`: the header of a format with example rows. */
function download({ params }: DoorArgs): Response {
  const wanted = params.format?.replace(/\.csv$/, "");
  const adapter = adapters.find(({ id }) => id === wanted);
  if (!adapter)
    throw new AppError(
      "TEMPLATE_NOT_FOUND",
      404,
      "There is no template of this name. Choose one of the list.",
      {
        templates: adapters.map(({ id }) => id),
      },
    );
  const name = adapter.id === "template" ? "reeldesk-template.csv" : `${adapter.id}-template.csv`;
  return new Response(templateCsv(adapter.id), {
    headers: {
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": attachment(name),
    },
  });
}
