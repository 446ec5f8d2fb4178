import { curlOf, openApiDocument } from "#app/routes/api/openapi-document.ts";
import { operations } from "#app/routes/api/operations.ts";

export interface GuideField {
  name: string;
  /** `query`, `header`, `form`. */
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
  type?: string;
  enum?: string[];
  default?: unknown;
  description?: string;
}

interface DescribedOperation {
  parameters?: { name: string; in: string; description?: string; schema: FieldSchema }[];
  requestBody?: {
    content: { "multipart/form-data": { schema: { properties: Record<string, FieldSchema> } } };
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
  const form = Object.entries(requestBody?.content["multipart/form-data"].schema.properties ?? {});
  return [
    ...parameters
      .filter((parameter) => parameter.in !== "path")
      .map(({ name, in: place, description, schema }) => field(name, place, { ...schema, description })),
    ...form.map(([name, schema]) => field(name, "form", schema)),
  ];
}

function field(name: string, place: string, schema: FieldSchema): GuideField {
  return {
    name,
    place,
    type: schema.enum?.join(", ") ?? (name === "file" ? "file" : (schema.type ?? "text")),
    fallback: schema.default === undefined ? null : String(schema.default),
    description: schema.description ?? "",
  };
}
