import type { z } from "zod";

/** One operation of the machine API, as `/openapi.json` and `/docs/api` describe it. */
export interface Operation {
  id: string;
  method: "get" | "post" | "patch";
  /** OpenAPI's spelling: `{jobId}` for an import, `{id}` for a work or record. */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  /** False: anybody may ask. */
  needsKey: boolean;
  query?: z.ZodObject;
  /** Text fields of the upload beside the file. */
  uploadFields?: z.ZodObject;
  /** Fields of the JSON that is sent, all of them optional but those that `requiredFields` names. */
  jsonBody?: z.ZodObject;
  requiredFields?: readonly string[];
  /** What sending the same Idempotency-Key again means; absent where none is taken. */
  idempotencyKey?: string;
  success: { status: number; description: string; schema?: z.ZodType; mediaType?: string };
  /** Status to what it means here; what every operation may answer is added. */
  errors: Readonly<Record<number, string>>;
  /** What follows `curl -H "Authorization: Bearer $REELDESK_KEY"`; `{origin}` stands for this server. */
  curl: string;
}
