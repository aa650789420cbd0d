import { InvalidInputError } from './errors/invalid-input-error.js';
import type { JsonValue } from './message/message.js';

const maxDepth = 500;

/**
 * The JSON text of a value, or `InvalidInputError` with the path of what JSON cannot hold (dates, `NaN`, functions,
 * cycles, holes): nothing is dropped on the way to a store. Properties that are `undefined` count as absent.
 */
export function toJsonText(value: unknown, path = 'value'): string {
  try {
    checkJson(value, path, 0);
    return JSON.stringify(value);
  } catch (error) {
    if (InvalidInputError.isInstance(error)) throw error;
    // Getters and proxies run somebody else's code.
    throw new InvalidInputError(path, 'throws when it is read');
  }
}

function checkJson(value: unknown, path: string, depth: number): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return;
    throw new InvalidInputError(path, 'is not a finite number, which JSON cannot hold');
  }
  if (depth > maxDepth)
    throw new InvalidInputError(
      path.slice(0, 80),
      `is nested deeper than ${maxDepth} levels, or contains itself`,
    );
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++)
      checkJson(value[index], `${path}[${index}]`, depth + 1);
    return;
  }
  if (typeof value !== 'object' || !isPlain(value)) {
    throw new InvalidInputError(path, `is ${describe(value)}, which JSON cannot hold`);
  }
  for (const [name, item] of Object.entries(value)) {
    if (item !== undefined) checkJson(item, `${path}.${name}`, depth + 1);
  }
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  // Objects of another realm have another Object.prototype; theirs has no prototype above it either.
  return (
    (prototype === null || Object.getPrototypeOf(prototype) === null) &&
    !('toJSON' in value && typeof value.toJSON === 'function')
  );
}

function describe(value: unknown): string {
  return typeof value === 'object' ? `a ${value?.constructor?.name ?? 'special'} object` : typeof value;
}

/** JSON with sorted property names: equal values have equal texts. */
export function canonicalJson(value: JsonValue): string {
  return JSON.stringify(value, (_, item: JsonValue) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/** Freezes a JSON value all the way down and returns it, so that it can be handed to strangers. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const item of Object.values(value)) deepFreeze(item);
  }
  return value;
}
