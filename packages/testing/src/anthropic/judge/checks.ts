/** Looks at one value of a body: `undefined`, or the vendor's refusal in its own words, which begin with the path. */
export type Check = (value: unknown, path: string) => string | undefined;

/** A JSON object with these fields and no others; `required` names those that must be there. */
export function object(
  fields: Readonly<Record<string, Check>>,
  required: readonly string[] = [],
  { open = false }: { readonly open?: boolean } = {},
): Check {
  return (value, path) => {
    if (!isObject(value)) return `${path}: Input should be a valid dictionary`;
    const missing = required.find((name) => value[name] === undefined);
    if (missing !== undefined) return `${join(path, missing)}: Field required`;
    for (const [name, item] of Object.entries(value)) {
      const check = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (!check && !open) return `${join(path, name)}: Extra inputs are not permitted`;
      const refused = item === undefined ? undefined : check?.(item, join(path, name));
      if (refused) return refused;
    }
    return undefined;
  };
}

export function array(check: Check, { min = 0 } = {}): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return `${path}: Input should be a valid list`;
    if (value.length < min)
      return `${path}: List should have at least ${min} item after validation, not ${value.length}`;
    return firstRefusal(value, (item, index) => check(item, `${path}.${index}`));
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
    if (typeof value !== 'string') return `${path}: Input should be a valid string`;
    if (value.length < min) return `${path}: String should have at least ${min} character`;
    if (value.length > max) return `${path}: String should have at most ${max} characters`;
    if (pattern && !pattern.test(value)) return `${path}: String should match pattern '${pattern.source}'`;
    return undefined;
  };
}

export function number(min: number, max = Number.POSITIVE_INFINITY): Check {
  return (value, path) => {
    if (typeof value !== 'number') return `${path}: Input should be a valid number`;
    if (value < min) return `${path}: Input should be greater than or equal to ${min}`;
    if (value > max) return `${path}: Input should be less than or equal to ${max}`;
    return undefined;
  };
}

export function integer(min: number, max?: number): Check {
  return (value, path) =>
    Number.isInteger(value) ? number(min, max)(value, path) : `${path}: Input should be a valid integer`;
}

export const boolean: Check = (value, path) =>
  typeof value === 'boolean' ? undefined : `${path}: Input should be a valid boolean`;

export const anything: Check = () => undefined;

export function oneOf(...values: readonly string[]): Check {
  return (value, path) => {
    if (typeof value === 'string' && values.includes(value)) return undefined;
    const quoted = values.map((name) => `'${name}'`);
    return `${path}: Input should be ${[quoted.slice(0, -1).join(', '), quoted.at(-1)].filter(Boolean).join(' or ')}`;
  };
}

export function nullable(check: Check): Check {
  return (value, path) => (value === null ? undefined : check(value, path));
}

/** The check that the value of `field` selects; its name is then part of the path, as the vendor writes it. */
export function selectedBy(field: string, checks: Readonly<Record<string, Check>>): Check {
  return (value, path) => {
    if (!isObject(value)) return `${path}: Input should be a valid dictionary`;
    const name = value[field];
    if (name === undefined) return `${join(path, field)}: Field required`;
    const check = typeof name === 'string' && Object.hasOwn(checks, name) ? checks[name] : undefined;
    const known = Object.keys(checks).map((one) => `'${one}'`);
    return check
      ? check(value, `${path}.${String(name)}`)
      : `${path}: Input tag '${String(name)}' found using '${field}' does not match any of the expected tags: ${known.join(', ')}`;
  };
}

/** A string that passes the first check, or anything else that passes the second. */
export function stringOr(text: Check, other: Check): Check {
  return (value, path) => (typeof value === 'string' ? text(value, path) : other(value, path));
}

/** All checks, in order. */
export function both(...checks: readonly Check[]): Check {
  return (value, path) => firstRefusal(checks, (check) => check(value, path));
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first refusal among the items. */
export function firstRefusal<Item>(
  items: Iterable<Item>,
  look: (item: Item, index: number) => string | undefined,
): string | undefined {
  let index = 0;
  for (const item of items) {
    const refused = look(item, index++);
    if (refused) return refused;
  }
  return undefined;
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
