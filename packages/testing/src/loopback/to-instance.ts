import type { JsonValue } from '@loci/core';

/** The smallest value that fits a JSON Schema, with the text where a string is wanted. */
export function toInstance(schema: JsonValue, text: string): JsonValue {
  if (!isObject(schema)) return text;
  if (schema['const'] !== undefined) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0] ?? null;
  const alternatives = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(alternatives)) return toInstance(alternatives[0], text);
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(isObject(schema['properties']) ? schema['properties'] : {}).map(([name, item]) => [
          name,
          toInstance(item, text),
        ]),
      );
    case 'array':
      return schema['minItems'] ? [toInstance(schema['items'] ?? {}, text)] : [];
    case 'number':
    case 'integer':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 0;
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return text;
  }
}

function isObject(value: unknown): value is { readonly [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
