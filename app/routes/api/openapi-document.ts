import { z } from "zod";
import type { Operation } from "#app/routes/api/operation.ts";
import { commonErrors, errorSchema, operations, sharedSchemas } from "#app/routes/api/operations.ts";

type Json = Record<string, unknown>;

const NEEDS_KEY = [{ bearer: [] }, { apiKeyHeader: [] }, { catalogueKeyHeader: [] }];

/**
 * The machine API as OpenAPI 3.1, made from the very schemas that the routes parse and answer by.
 *
 * @param origin where the API is called, for example `https://reeldesk.example`
 * @param version of the product
 */
export function openApiDocument(origin: string, version: string): Json {
  const paths: Record<string, Json> = {};
  for (const operation of operations)
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method]: describeOperation(operation, origin),
    };
  return {
    openapi: "3.1.0",
    info: {
      title: "Reeldesk machine API",
      version,
      description:
        'JSON over HTTP for scripts. Every answer that is not a success is `{"error":{code,message,details}}`.',
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: origin }],
    security: NEEDS_KEY,
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: { schemas: componentSchemas(), securitySchemes: securitySchemes() },
  };
}

/** The call of an operation by curl. */
export function curlOf(operation: Operation, origin: string): string {
  const key = operation.needsKey ? '-H "Authorization: Bearer $REELDESK_KEY" ' : "";
  return `curl ${key}${operation.curl.replaceAll("{origin}", origin)}`;
}

function securitySchemes(): Json {
  return {
    bearer: { type: "http", scheme: "bearer", description: "Keys are made under Settings, API keys." },
    apiKeyHeader: { type: "apiKey", in: "header", name: "X-API-Key" },
    catalogueKeyHeader: {
      type: "apiKey",
      in: "header",
      name: "apiKey",
      description: "As one catalogue sends it to another.",
    },
  };
}

function describeOperation(operation: Operation, origin: string): Json {
  const { id, tag, summary, description, needsKey } = operation;
  const parameters = [...pathParameters(operation), ...queryParameters(operation), ...headers(operation)];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description && { description }),
    security: needsKey ? NEEDS_KEY : [],
    ...(parameters.length > 0 && { parameters }),
    ...(operation.uploadFields && { requestBody: uploadBody(operation.uploadFields) }),
    ...(operation.jsonBody && { requestBody: jsonBody(operation.jsonBody, operation.requiredFields) }),
    responses: responses(operation),
    "x-codeSamples": [{ lang: "Shell", label: "curl", source: curlOf(operation, origin) }],
  };
}

function pathParameters({ path }: Operation): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    ...(name === "jobId"
      ? { description: "Id of the import", schema: { type: "string", format: "uuid" } }
      : { description: "Id as the list gives it", schema: { type: "string", pattern: "^[0-9]{1,18}$" } }),
  }));
}

function queryParameters({ query }: Operation): Json[] {
  if (!query) return [];
  return Object.entries(propertiesOf(query)).map(([name, { description, ...schema }]) => ({
    name,
    in: "query",
    required: false,
    ...(description !== undefined && { description }),
    schema,
  }));
}

function headers({ idempotencyKey }: Operation): Json[] {
  if (!idempotencyKey) return [];
  return [
    {
      name: "Idempotency-Key",
      in: "header",
      required: false,
      description: idempotencyKey,
      schema: { type: "string", minLength: 1, maxLength: 255, pattern: "^[\\x21-\\x7e]+$" },
    },
  ];
}

function uploadBody(fields: z.ZodObject): Json {
  const file = { type: "string", contentMediaType: "text/csv", description: "One CSV file" };
  const schema = {
    type: "object",
    properties: { file, ...propertiesOf(fields) },
    required: ["file"],
    additionalProperties: false,
  };
  return {
    required: true,
    content: { "multipart/form-data": { schema, encoding: { file: { contentType: "text/csv" } } } },
  };
}

/** Unknown fields are ignored: callers send whole records back. */
function jsonBody(fields: z.ZodObject, required: readonly string[] = []): Json {
  const schema = {
    type: "object",
    properties: propertiesOf(fields, "input"),
    ...(required.length > 0 && { required }),
  };
  return { required: true, content: { "application/json": { schema } } };
}

function responses({ success, errors, needsKey }: Operation): Json {
  const content = success.schema
    ? { "application/json": { schema: referenceTo(success.schema) } }
    : { [success.mediaType ?? "text/plain"]: { schema: { type: "string" } } };
  const all = { ...(needsKey ? commonErrors : {}), ...errors };
  const failures = Object.entries(all).map(([status, description]) => [
    status,
    { description, content: { "application/json": { schema: referenceTo(errorSchema) } } },
  ]);
  return Object.fromEntries([[success.status, { description: success.description, content }], ...failures]);
}

/** The formats `uuid` and `date-time` say enough, and no count comes near the largest safe integer. */
function withoutNoise(schema: { format?: unknown; pattern?: unknown; maximum?: unknown }): void {
  if (schema.format !== undefined) delete schema.pattern;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}

/** Fields as they may be sent; those of queries and forms with the type that they are read as. */
function propertiesOf(schema: z.ZodObject, io: "input" | "output" = "output"): Record<string, Json> {
  const { properties = {} } = z.toJSONSchema(schema, { io });
  return Object.fromEntries(
    Object.entries(properties).filter((entry): entry is [string, Json] => typeof entry[1] === "object"),
  );
}

/** Answers with a name stand under `components`; the others are written out. */
function referenceTo(schema: z.ZodType): Json {
  const id = z.globalRegistry.get(schema)?.id;
  if (id) return { $ref: `#/components/schemas/${id}` };
  const { $schema: _, ...inline } = z.toJSONSchema(schema);
  return inline;
}

function componentSchemas(): Json {
  const named = z.registry<{ id: string }>();
  const add = (schema: z.ZodType) => {
    const id = z.globalRegistry.get(schema)?.id;
    if (id && !named.has(schema)) named.add(schema, { id });
  };
  for (const { success } of operations) if (success.schema) add(success.schema);
  for (const schema of [...sharedSchemas, errorSchema]) add(schema);
  const { schemas } = z.toJSONSchema(named, {
    uri: (id) => `#/components/schemas/${id}`,
    override: ({ jsonSchema }) => withoutNoise(jsonSchema),
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema]),
  );
}
