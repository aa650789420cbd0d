import type { JsonValue } from '@loci/core';
import type { Warnings } from '@loci/core/conversation';
import { isObject } from '@loci/core/provider';

type Schema = { [keyword: string]: JsonValue };

// Structured outputs refuse what they cannot enforce.
const unenforced: readonly string[] = [
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
];

/** A schema as structured outputs take it: objects are closed, and what cannot be enforced is left out with a warning. */
export function toOutputSchema(schema: JsonValue, warnings: Warnings): Schema | undefined {
  const loose = () =>
    warnings.add(
      'output-schema',
      'The vendor cannot enforce a part of the output schema; that part was left out. Validate the answer.',
    );
  const visit = (value: JsonValue): JsonValue => {
    if (!isSchema(value)) return value;
    const closed: Schema = {};
    for (const [keyword, item] of Object.entries(value)) {
      if (unenforced.includes(keyword) || (keyword === 'minItems' && Number(item) > 1)) loose();
      else if (['properties', '$defs', 'definitions'].includes(keyword) && isSchema(item))
        closed[keyword] = Object.fromEntries(
          Object.entries(item).map(([name, inner]) => [name, visit(inner)]),
        );
      else if (keyword === 'oneOf' || keyword === 'anyOf' || keyword === 'allOf')
        closed[keyword === 'oneOf' ? 'anyOf' : keyword] = Array.isArray(item) ? item.map(visit) : item;
      else closed[keyword] = keyword === 'items' ? visit(item) : item;
    }
    if ([value['type']].flat().includes('object') || value['properties']) {
      if (value['additionalProperties'] !== undefined && value['additionalProperties'] !== false) loose();
      closed['additionalProperties'] = false;
    }
    return closed;
  };
  const visited = visit(schema);
  return isSchema(visited) ? visited : undefined;
}

/** The schema of a tool's input; one that the vendor refuses gives way to any object, with a warning. */
export function toInputSchema(
  schema: JsonValue,
  name: string,
  warnings: Warnings | undefined,
): Schema & { type: 'object' } {
  const fits =
    isSchema(schema) &&
    (schema['type'] === undefined || schema['type'] === 'object') &&
    !['anyOf', 'oneOf', 'allOf'].some((keyword) => schema[keyword] !== undefined) &&
    (schema['properties'] === undefined ||
      (isSchema(schema['properties']) &&
        Object.keys(schema['properties']).every((key) => /^[a-zA-Z0-9_.-]{1,64}$/.test(key))));
  if (fits) return { ...schema, type: 'object' };
  warnings?.add(
    'tool-schema',
    `The vendor refuses the input schema of the tool ${name}; any object is allowed.`,
  );
  return { type: 'object' };
}

function isSchema(value: JsonValue | undefined): value is { readonly [keyword: string]: JsonValue } {
  return isObject(value);
}
