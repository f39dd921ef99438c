import * as z from 'zod/mini';
import { type Field, fields } from './schema.ts';

type JsonSchema = Record<string, unknown>;

const filledIn = { $ref: '#/definitions/filledIn' };

/**
 * Lets a reference stand wherever a number, a boolean or text of a certain form does: editors cannot follow it. The
 * names of a map are never filled in.
 */
function allowReferences(schema: JsonSchema): JsonSchema {
  const result = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (key === 'properties') return [key, mapValues(value as Record<string, JsonSchema>, allowReferences)];
      if (key === 'anyOf') return [key, alternatives((value as JsonSchema[]).map(allowReferences))];
      if (key === 'items' || key === 'additionalProperties') {
        return [key, typeof value === 'object' ? allowReferences(value as JsonSchema) : value];
      }
      return [key, value];
    }),
  );
  const scalar = ['integer', 'number', 'boolean'].includes(String(schema.type)) || schema.pattern !== undefined;
  if (!scalar) return result;
  const { default: byDefault, ...own } = result;
  // The bound of what JavaScript can count exactly says nothing to a reader.
  if (own.maximum === Number.MAX_SAFE_INTEGER) delete own.maximum;
  return { ...(byDefault !== undefined && { default: byDefault }), anyOf: [own, filledIn] };
}

/** Alternatives of alternatives as one list, which allows references once, or not at all beside any text. */
function alternatives(schemas: readonly JsonSchema[]): readonly JsonSchema[] {
  const flat = schemas.flatMap((schema) => (Array.isArray(schema.anyOf) ? (schema.anyOf as JsonSchema[]) : [schema]));
  const others = flat.filter((schema) => schema !== filledIn);
  const anyText = others.some((schema) => schema.type === 'string' && schema.pattern === undefined);
  return others.length === flat.length || anyText ? others : [...others, filledIn];
}

function mapValues<T, U>(record: Record<string, T>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

/**
 * The JSON schema (draft-07) of a spec, for editors. It knows single fields; rules between fields, such as
 * `min_containers` ≤ `max_containers`, are the action's own.
 */
export function jsonSchema(): JsonSchema {
  const entries = Object.entries(fields) as [string, Field][];
  const spec = z.strictObject(Object.fromEntries(entries.map(([name, { schema }]) => [name, schema])));
  const { properties, ...generated } = z.toJSONSchema(spec, { target: 'draft-7', io: 'input' }) as JsonSchema;
  const described = entries.map(([name, { meaning, example, unsupported }]) => [
    name,
    {
      description: `${meaning}\n\nExample: \`${example}\``,
      ...allowReferences((properties as Record<string, JsonSchema>)[name] ?? {}),
      ...(unsupported !== undefined && { maxItems: 0 }),
    },
  ]);
  return {
    ...generated,
    title: 'Service spec',
    description: 'A service to build, deploy and watch: the spec of k8s-service-action.',
    properties: Object.fromEntries(described),
    definitions: {
      filledIn: {
        description: 'A value that is filled in: `{parent[x]}`, `{vars.x}` or `{env.X}`.',
        type: 'string',
        pattern: '\\{\\s*(?:parent|vars|env)\\s*[.\\[]',
      },
    },
  };
}
