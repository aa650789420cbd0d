import { firstRefusal, isObject } from './checks.js';

const unsupported: readonly string[] = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'patternProperties',
  'propertyNames',
  'not',
  'if',
  'oneOf',
];

/** What structured outputs refuse in a schema: open objects, and keywords that they cannot enforce. */
export function outputSchema(schema: unknown, path: string): string | undefined {
  if (!isObject(schema)) return undefined;
  const kinds = [schema['type']].flat();
  if ((kinds.includes('object') || schema['properties']) && schema['additionalProperties'] !== false)
    return `${path}: For 'object' type, 'additionalProperties' must be explicitly set to false`;
  const keyword = unsupported.find((name) => schema[name] !== undefined);
  if (keyword !== undefined)
    return `${path}: For '${String(kinds[0])}' type, property '${keyword}' is not supported`;
  if (typeof schema['minItems'] === 'number' && schema['minItems'] > 1)
    return `${path}: For 'array' type, 'minItems' values other than 0 or 1 are not supported`;
  const inside = ['properties', '$defs', 'definitions'].flatMap((name) => {
    const group = schema[name];
    return isObject(group) ? Object.values(group) : [];
  });
  const lists = ['anyOf', 'allOf'].flatMap((name) => (Array.isArray(schema[name]) ? schema[name] : []));
  return firstRefusal([...inside, ...lists, schema['items']] as readonly unknown[], (item) =>
    outputSchema(item, path),
  );
}
