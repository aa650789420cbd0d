/** Thrown inside a check; the caller turns it into the error of its boundary. */
export class Mismatch {
  constructor(
    readonly path: string,
    readonly reason: string,
  ) {}
}

/** Throws `Mismatch` unless the value has the shape. Unknown properties are left alone: a newer minor version may add some. */
export type Check = (value: unknown, path: string) => void;

export const string: Check = (value, path) => want(typeof value === 'string', path, 'a string');
export const boolean: Check = (value, path) => want(typeof value === 'boolean', path, 'true or false');
export const number: Check = (value, path) => want(Number.isFinite(value), path, 'a finite number');
export const count: Check = (value, path) =>
  want(Number.isSafeInteger(value) && (value as number) >= 0, path, 'a whole number from 0');
/** Any JSON value is allowed, but it must be there. */
export const present: Check = (value, path) => want(value !== undefined, path, 'a value');
/** Passes what a later check or the store looks at. */
export const anything: Check = () => {};

export const id: Check = (value, path) =>
  want(
    typeof value === 'string' && value !== '' && value.isWellFormed() && fitsIn(value, 512),
    path,
    'an id of 1–512 bytes of UTF-8',
  );

const encoder = new TextEncoder();

/** Whether a text takes at most so many bytes as UTF-8. */
export function fitsIn(text: string, bytes: number): boolean {
  // No character takes more than three bytes per unit, so short texts need no counting.
  return text.length * 3 <= bytes || (text.length <= bytes && encoder.encode(text).length <= bytes);
}

export const oneOf =
  (...allowed: readonly unknown[]): Check =>
  (value, path) =>
    want(allowed.includes(value), path, `one of ${allowed.map((item) => JSON.stringify(item)).join(', ')}`);

export const optional =
  (check: Check): Check =>
  (value, path) => {
    if (value !== undefined) check(value, path);
  };

export const list =
  (check: Check): Check =>
  (value, path) => {
    if (!Array.isArray(value)) throw new Mismatch(path, 'must be a list');
    value.forEach((item, index) => {
      check(item, `${path}[${index}]`);
    });
  };

export const record =
  (check: Check): Check =>
  (value, path) => {
    for (const [name, item] of Object.entries(asObject(value, path))) check(item, `${path}.${name}`);
  };

export const shape = (fields: { readonly [name: string]: Check }): Check => {
  const checks = Object.entries(fields);
  return (value, path) => {
    const object = asObject(value, path);
    for (const [name, check] of checks)
      check(Object.hasOwn(object, name) ? object[name] : undefined, `${path}.${name}`);
  };
};

/** Picks the check by the value of one property. */
export const variants =
  (tag: string, cases: { readonly [value: string]: Check }): Check =>
  (value, path) => {
    const chosen = asObject(value, path)[tag];
    const check = typeof chosen === 'string' && Object.hasOwn(cases, chosen) ? cases[chosen] : undefined;
    if (!check) throw new Mismatch(`${path}.${tag}`, `must be one of ${Object.keys(cases).join(', ')}`);
    check(value, path);
  };

export function want(ok: boolean, path: string, expected: string): void {
  if (!ok) throw new Mismatch(path, `must be ${expected}`);
}

function asObject(value: unknown, path: string): { readonly [name: string]: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Mismatch(path, 'must be an object');
  return value as { readonly [name: string]: unknown };
}
