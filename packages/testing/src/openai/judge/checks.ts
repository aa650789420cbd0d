import { invalidRequest, type VendorError } from '../vendor-error.js';

/** Looks at one value of a body: `undefined`, or the vendor's refusal. */
export type Check = (value: unknown, path: string) => VendorError | undefined;

/** A JSON object whose known fields pass their checks; `required` names those that must be there. Unknown fields pass. */
export function object(fields: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  return (value, path) => {
    if (!isObject(value)) return wrongType(value, path, 'an object');
    const missing = required.find((name) => value[name] === undefined);
    if (missing !== undefined) {
      return invalidRequest(
        `Missing required parameter: '${join(path, missing)}'.`,
        join(path, missing),
        'missing_required_parameter',
      );
    }
    for (const [name, check] of Object.entries(fields)) {
      if (!Object.hasOwn(value, name) || value[name] === undefined) continue;
      const refused = check(value[name], join(path, name));
      if (refused) return refused;
    }
    return undefined;
  };
}

/** An object that has no other fields than these; Responses refuses every unknown one by its path. */
export function closed(fields: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  const check = object(fields, required);
  return (value, path) => {
    const extra = isObject(value)
      ? Object.keys(value).find((name) => !Object.hasOwn(fields, name))
      : undefined;
    return extra === undefined
      ? check(value, path)
      : invalidRequest(`Unknown parameter: '${join(path, extra)}'.`, join(path, extra), 'unknown_parameter');
  };
}

/** A JSON object whose every value passes the check. */
export function record(check: Check): Check {
  return (value, path) =>
    isObject(value)
      ? first(Object.entries(value), ([name, item]) => check(item, join(path, name)))
      : wrongType(value, path, 'an object');
}

export function array(check: Check, { min = 0, max = Number.POSITIVE_INFINITY } = {}): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return wrongType(value, path, 'an array');
    if (value.length < min) {
      return invalidRequest(
        `Invalid '${path}': empty array. Expected an array with minimum length ${min}, but got an empty array instead.`,
        path,
        'empty_array',
      );
    }
    if (value.length > max) {
      return invalidRequest(
        `Invalid '${path}': array too long. Expected an array with maximum length ${max}, but got an array with length ${value.length} instead.`,
        path,
        'array_above_max_length',
      );
    }
    return first([...value.entries()], ([index, item]) => check(item, `${path}[${index}]`));
  };
}

export function string({
  min = 0,
  max = Number.POSITIVE_INFINITY,
  pattern,
}: {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
} = {}): Check {
  return (value, path) => {
    if (typeof value !== 'string') return wrongType(value, path, 'a string');
    // JSON Schema counts code points.
    const length = [...value].length;
    if (length > max) {
      return invalidRequest(
        `Invalid '${path}': string too long. Expected a string with maximum length ${max}, but got a string with length ${length} instead.`,
        path,
        'string_above_max_length',
      );
    }
    if (length < min)
      return invalidRequest(
        `Invalid '${path}': empty string. Expected a string with minimum length ${min}, but got an empty string instead.`,
        path,
        'empty_string',
      );
    if (pattern && !pattern.test(value)) {
      return invalidRequest(
        `Invalid '${path}': string does not match pattern. Expected a string that matches the pattern '${pattern.source}'.`,
        path,
        'invalid_value',
      );
    }
    return undefined;
  };
}

export function number(
  min = Number.NEGATIVE_INFINITY,
  max = Number.POSITIVE_INFINITY,
  kind: 'decimal' | 'integer' = 'decimal',
): Check {
  return (value, path) => {
    const fits = typeof value === 'number' && (kind === 'decimal' || Number.isInteger(value));
    if (!fits) return wrongType(value, path, kind === 'decimal' ? 'a decimal' : 'an integer');
    if (value < min)
      return outOfRange(
        path,
        kind,
        `below minimum value. Expected a value >= ${min}, but got ${value} instead`,
        `${kind}_below_min_value`,
      );
    if (value > max)
      return outOfRange(
        path,
        kind,
        `above maximum value. Expected a value <= ${max}, but got ${value} instead`,
        `${kind}_above_max_value`,
      );
    return undefined;
  };
}

export function integer(min?: number, max?: number): Check {
  return number(min, max, 'integer');
}

export const boolean: Check = (value, path) =>
  typeof value === 'boolean' ? undefined : wrongType(value, path, 'a boolean');

export function oneOf(...values: readonly string[]): Check {
  return (value, path) => {
    if (typeof value === 'string' && values.includes(value)) return undefined;
    const supported = values.map((name) => `'${name}'`).join(', ');
    return invalidRequest(
      `Invalid value: ${show(value)}. Supported values are: ${supported}.`,
      path,
      'invalid_value',
    );
  };
}

export function nullable(check: Check): Check {
  return (value, path) => (value === null ? undefined : check(value, path));
}

/** The check that the value of `field` selects, as in `type` or `role`. */
export function selectedBy(field: string, checks: Readonly<Record<string, Check>>): Check {
  const known = oneOf(...Object.keys(checks));
  return (value, path) => {
    if (!isObject(value)) return wrongType(value, path, 'an object');
    const name = value[field];
    if (name === undefined)
      return invalidRequest(
        `Missing required parameter: '${join(path, field)}'.`,
        join(path, field),
        'missing_required_parameter',
      );
    return known(name, join(path, field)) ?? checks[String(name)]?.(value, path);
  };
}

/** A string that passes the first check, or anything else that passes the second. */
export function stringOr(text: Check, other: Check): Check {
  return (value, path) => (typeof value === 'string' ? text(value, path) : other(value, path));
}

/** Both checks, in order. */
export function both(...checks: readonly Check[]): Check {
  return (value, path) => first(checks, (check) => check(value, path));
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first refusal among the items. */
function first<Item>(
  items: readonly Item[],
  look: (item: Item, index: number) => VendorError | undefined,
): VendorError | undefined {
  for (const [index, item] of items.entries()) {
    const refused = look(item, index);
    if (refused) return refused;
  }
  return undefined;
}

function wrongType(value: unknown, path: string, expected: string): VendorError {
  const found = value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
  return invalidRequest(
    `Invalid type for '${path}': expected ${expected}, but got ${found} instead.`,
    path,
    'invalid_type',
  );
}

function outOfRange(path: string, kind: string, rest: string, code: string): VendorError {
  return invalidRequest(`Invalid '${path}': ${kind} ${rest}.`, path, code);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function show(value: unknown): string {
  return typeof value === 'string'
    ? `'${value.slice(0, 80)}'`
    : (JSON.stringify(value)?.slice(0, 80) ?? 'undefined');
}
