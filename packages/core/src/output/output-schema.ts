import { InvalidInputError } from '../errors/invalid-input-error.js';
import type { JsonValue } from '../message/message.js';

/**
 * The parts of Standard Schema and Standard JSON Schema (https://standardschema.dev, version 1) that an answer needs: one
 * validates it, the other tells the model what to write. Schemas of zod 4 are of this shape.
 */
export interface OutputSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    /** Static types only; never there at run time. */
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
    readonly validate: (value: unknown) => OutputResult<Output> | Promise<OutputResult<Output>>;
    readonly jsonSchema: {
      readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
    };
  };
}

export type OutputResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string;
        readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
      }[];
    };

type Schema = { readonly [keyword: string]: JsonValue };

/**
 * The JSON Schema that the model sees. Objects are closed where the schema leaves that open, since vendors enforce only
 * closed ones; the schema's own validation is not changed by that.
 */
export function toJsonSchema(schema: OutputSchema): JsonValue {
  const path = 'options.schema';
  const standard = (schema as Partial<OutputSchema> | null | undefined)?.['~standard'];
  if (typeof standard?.validate !== 'function' || typeof standard.jsonSchema?.input !== 'function')
    throw new InvalidInputError(path, 'is no Standard Schema that can also be written as JSON Schema');
  const { $schema: _, ...written } = write(standard, path);
  // An object in `allOf` must let through what its neighbours describe.
  return JSON.stringify(written).includes('"allOf"') ? written : close(written);
}

function write({ jsonSchema }: OutputSchema['~standard'], path: string): Schema {
  try {
    return JSON.parse(JSON.stringify(jsonSchema.input({ target: 'draft-2020-12' }))) as Schema;
  } catch (error) {
    const why = error instanceof Error ? error.message : 'an unknown reason';
    throw new InvalidInputError(path, `cannot be written as JSON Schema: ${why}`);
  }
}

const named: readonly string[] = ['properties', '$defs', 'definitions'];
const nested: readonly string[] = ['items', 'prefixItems', 'anyOf', 'oneOf', 'additionalProperties'];

function close(schema: JsonValue): JsonValue {
  if (Array.isArray(schema)) return schema.map(close);
  if (!isSchema(schema)) return schema;
  const closed: Record<string, JsonValue> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (named.includes(keyword) && isSchema(value))
      closed[keyword] = Object.fromEntries(Object.entries(value).map(([name, item]) => [name, close(item)]));
    else closed[keyword] = nested.includes(keyword) ? close(value) : value;
  }
  if (closed['properties'] && closed['additionalProperties'] === undefined)
    closed['additionalProperties'] = false;
  return closed;
}

function isSchema(value: JsonValue): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
