import { z } from "zod";
import { delimiters } from "#app/csv/read/delimiter.ts";
import { encodings } from "#app/csv/read/encoding.ts";
import type { ParseOptions } from "#app/imports/csv/parse-report.ts";
import { formatIds } from "#app/imports/sources/adapter.ts";

const stored = z.object({
  format: z.enum(formatIds).optional().catch(undefined),
  encoding: z.enum(encodings).optional().catch(undefined),
  delimiter: z.enum(delimiters).optional().catch(undefined),
  dateOrder: z.enum(["mdy", "dmy", "ymd"]).optional().catch(undefined),
  profiles: z.array(z.string()).optional().catch(undefined),
});

/** The options frozen on a job, for reading its file again. What an older version stored and this one does not know is found out anew. */
export function storedOptions(parseOptions: unknown): ParseOptions {
  const read = stored.safeParse(parseOptions);
  const entries = Object.entries(read.success ? read.data : {});
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
