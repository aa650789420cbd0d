import { invalidBody, type MistralRefusal } from '../refusal.js';

type Place = readonly (string | number)[];

/** Looks at one value of a body: `undefined`, or the vendor's refusal. */
export type Check = (value: unknown, place: Place) => MistralRefusal | undefined;

/** A JSON object whose fields pass their checks; `required` names those that must be there. Unknown fields are refused. */
export function object(
  fields: Readonly<Record<string, Check>>,
  required: readonly string[] = [],
  { open = false } = {},
): Check {
  return (value, place) => {
    if (!isObject(value))
      return invalidBody(place, 'model_attributes_type', 'Input should be a valid dictionary or object');
    for (const name of required)
      if (!Object.hasOwn(value, name)) return invalidBody([...place, name], 'missing', 'Field required');
    return first(Object.entries(value), ([name, item]) => {
      const check = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (check) return check(item, [...place, name]);
      return open
        ? undefined
        : invalidBody([...place, name], 'extra_forbidden', 'Extra inputs are not permitted');
    });
  };
}

/** Any JSON object. */
export const anyObject: Check = object({}, [], { open: true });

export function array(check: Check): Check {
  return (value, place) =>
    Array.isArray(value)
      ? first([...value.entries()], ([index, item]) => check(item, [...place, index]))
      : invalidBody(place, 'list_type', 'Input should be a valid list');
}

export const string: Check = (value, place) =>
  typeof value === 'string' ? undefined : invalidBody(place, 'string_type', 'Input should be a valid string');

export const boolean: Check = (value, place) =>
  typeof value === 'boolean' ? undefined : invalidBody(place, 'bool_type', 'Input should be a valid boolean');

export function number(min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, whole = false): Check {
  return (value, place) => {
    if (typeof value !== 'number' || (whole && !Number.isInteger(value)))
      return whole
        ? invalidBody(place, 'int_type', 'Input should be a valid integer')
        : invalidBody(place, 'float_type', 'Input should be a valid number');
    if (value < min)
      return invalidBody(place, 'greater_than_equal', `Input should be greater than or equal to ${min}`);
    if (value > max)
      return invalidBody(place, 'less_than_equal', `Input should be less than or equal to ${max}`);
    return undefined;
  };
}

export function integer(min?: number, max?: number): Check {
  return number(min, max, true);
}

export function oneOf(...values: readonly string[]): Check {
  return (value, place) =>
    typeof value === 'string' && values.includes(value)
      ? undefined
      : invalidBody(place, 'enum', `Input should be ${values.map((name) => `'${name}'`).join(' or ')}`);
}

export function nullable(check: Check): Check {
  return (value, place) => (value === null ? undefined : check(value, place));
}

/** A string, or anything else that passes the check. */
export function stringOr(check: Check): Check {
  return (value, place) => (typeof value === 'string' ? undefined : check(value, place));
}

/** The check that the value of `field` selects. */
export function selectedBy(field: string, checks: Readonly<Record<string, Check>>): Check {
  return (value, place) => {
    const tag = isObject(value) ? value[field] : undefined;
    const check = typeof tag === 'string' && Object.hasOwn(checks, tag) ? checks[tag] : undefined;
    return check
      ? check(value, place)
      : invalidBody(
          place,
          'union_tag_invalid',
          `Input should have a '${field}' of ${Object.keys(checks).join(', ')}`,
        );
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function first<Item>(
  items: readonly Item[],
  look: (item: Item) => MistralRefusal | undefined,
): MistralRefusal | undefined {
  for (const item of items) {
    const refused = look(item);
    if (refused) return refused;
  }
  return undefined;
}
