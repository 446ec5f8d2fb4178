import { curlOf, openApiDocument } from "#app/routes/api/openapi-document.ts";
import { operations } from "#app/routes/api/operations.ts";

export interface GuideField {
  name: string;
  /** `query`, `header`, `form`, `json`. */
  place: string;
  /** `integer`, or the values that there are. */
  type: string;
  fallback: string | null;
  description: string;
}

export interface GuideOperation {
  id: string;
  method: string;
  path: string;
  summary: string;
  description: string | null;
  fields: GuideField[];
  curl: string;
  success: { status: number; description: string };
  errors: { status: string; description: string }[];
}

interface FieldSchema {
  type?: string | string[];
  enum?: string[];
  default?: unknown;
  description?: string;
}

interface DescribedOperation {
  parameters?: { name: string; in: string; description?: string; schema: FieldSchema }[];
  requestBody?: {
    content: Record<
      "multipart/form-data" | "application/json",
      { schema: { properties: Record<string, FieldSchema> } } | undefined
    >;
  };
}

/** What `/docs/api` shows: the operations of `/openapi.json`, in their order. */
export function apiGuide(origin: string, version: string): GuideOperation[] {
  const paths = openApiDocument(origin, version).paths as Record<string, Record<string, DescribedOperation>>;
  return operations.map((operation) => ({
    id: operation.id,
    method: operation.method.toUpperCase(),
    path: operation.path,
    summary: operation.summary,
    description: operation.description ?? null,
    fields: fieldsOf(paths[operation.path]?.[operation.method] ?? {}),
    curl: curlOf(operation, origin),
    success: { status: operation.success.status, description: operation.success.description },
    errors: Object.entries(operation.errors).map(([status, description]) => ({ status, description })),
  }));
}

function fieldsOf({ parameters = [], requestBody }: DescribedOperation): GuideField[] {
  const bodyFields = (type: "multipart/form-data" | "application/json") =>
    Object.entries(requestBody?.content[type]?.schema.properties ?? {});
  return [
    ...parameters
      .filter((parameter) => parameter.in !== "path")
      .map(({ name, in: place, description, schema }) => field(name, place, { ...schema, description })),
    ...bodyFields("multipart/form-data").map(([name, schema]) => field(name, "form", schema)),
    ...bodyFields("application/json").map(([name, schema]) => field(name, "json", schema)),
  ];
}

function field(name: string, place: string, schema: FieldSchema): GuideField {
  return {
    name,
    place,
    type: schema.enum?.join(", ") ?? (name === "file" ? "file" : typeOf(schema)),
    fallback: schema.default === undefined ? null : String(schema.default),
    description: schema.description ?? "",
  };
}

/** Null clears a field: that is said once for all of them, not beside each. */
function typeOf({ type = "text" }: FieldSchema): string {
  return Array.isArray(type) ? type.filter((each) => each !== "null").join(", ") : type;
}
