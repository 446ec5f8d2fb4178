import { z } from "zod";
import { delimiters } from "#app/csv/read/delimiter.ts";
import { encodings } from "#app/csv/read/encoding.ts";
import { formatIds, sourceIds } from "#app/imports/sources/adapter.ts";
import { dayOrders } from "#app/imports/sources/day.ts";

/** An empty choice of a form means "find out". */
const choice = <const Values extends readonly string[]>(values: Values) =>
  z
    .union([z.literal("").transform(() => undefined), z.enum(values)], {
      error: `is none of ${values.map((value) => JSON.stringify(value)).join(", ")}`,
    })
    .optional();

/** How a file is to be read, as form fields beside it: of the preview, and of the import that follows it. */
export const parseFields = z
  .object({
    source: choice([...sourceIds, "auto"]),
    format: choice(formatIds),
    encoding: choice(encodings),
    delimiter: choice(delimiters),
    dateOrder: choice(dayOrders),
    profile: z.string().max(200, "is too long").optional(),
  })
  .transform((fields) => ({
    ...(fields.source && { source: fields.source }),
    ...(fields.format && { format: fields.format }),
    ...(fields.encoding && { encoding: fields.encoding }),
    ...(fields.delimiter && { delimiter: fields.delimiter }),
    ...(fields.dateOrder && { dateOrder: fields.dateOrder }),
    ...(fields.profile && { profiles: [fields.profile] }),
  }));
