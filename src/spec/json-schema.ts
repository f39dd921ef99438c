import * as z from 'zod/mini';
import { type Field, fields } from './schema.ts';

type JsonSchema = Record<string, unknown>;

const references = 'filledIn';
const kept = ['description', 'default', 'examples'];

/** Numbers, booleans and text of a certain form may also be filled in by a reference, which editors cannot follow. */
function allowReference(schema: JsonSchema): void {
  const scalar = ['integer', 'number', 'boolean'].includes(String(schema.type)) || schema.pattern !== undefined;
  if (!scalar) return;
  const own: JsonSchema = {};
  for (const key of Object.keys(schema)) {
    if (kept.includes(key)) continue;
    own[key] = schema[key];
    delete schema[key];
  }
  // Bounds of what JavaScript can count exactly say nothing to a reader.
  for (const [key, bound] of [
    ['maximum', Number.MAX_SAFE_INTEGER],
    ['minimum', Number.MIN_SAFE_INTEGER],
  ] as const) {
    if (own[key] === bound) delete own[key];
  }
  schema.anyOf = [own, { $ref: `#/definitions/${references}` }];
}

/**
 * The JSON schema (draft-07) of a spec, for editors. It knows single fields; rules between fields, such as
 * `min_containers` ≤ `max_containers`, are the action's own.
 */
export function jsonSchema(): JsonSchema {
  const entries = Object.entries(fields) as [string, Field][];
  const spec = z.strictObject(Object.fromEntries(entries.map(([name, { schema }]) => [name, schema])));
  const generated = z.toJSONSchema(spec, {
    target: 'draft-7',
    io: 'input',
    override: ({ jsonSchema, path }) => {
      // The names of a map are never filled in.
      if (!path.includes('propertyNames')) allowReference(jsonSchema as JsonSchema);
    },
  }) as JsonSchema & { properties: Record<string, JsonSchema> };
  for (const [name, { meaning, example, unsupported }] of entries) {
    const property = generated.properties[name] ?? {};
    property.description = `${meaning}\n\nExample: \`${example}\``;
    if (unsupported !== undefined) property.maxItems = 0;
  }
  const { $schema, ...rest } = generated;
  return {
    $schema,
    title: 'Service spec',
    description: 'A service to build, deploy and watch: the spec of k8s-service-action.',
    ...rest,
    definitions: {
      [references]: {
        description: 'A value that is filled in: `{parent[x]}`, `{vars.x}` or `{env.X}`.',
        type: 'string',
        pattern: '\\{\\s*(?:parent|vars|env)\\s*[.\\[]',
      },
    },
  };
}
