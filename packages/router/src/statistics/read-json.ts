import { InvalidInputError } from '@loci/core';

/** Readers of JSON that comes from outside. Each throws `InvalidInputError` with the path of what it does not take. */
export type Read<T> = (value: unknown, path: string) => T;

export const number: Read<number> = (value, path) =>
  typeof value === 'number' && Number.isFinite(value) ? value : refuse(path, 'a finite number');
export const amount: Read<number> = (value, path) =>
  typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY
    ? value
    : refuse(path, 'a number from 0');
export const string: Read<string> = (value, path) =>
  typeof value === 'string' ? value : refuse(path, 'a string');

export const nullable =
  <T>(read: Read<T>): Read<T | null> =>
  (value, path) =>
    value === null ? null : read(value, path);

export const listOf =
  <T>(read: Read<T>): Read<readonly T[]> =>
  (value, path) =>
    Array.isArray(value)
      ? value.map((item, index) => read(item, `${path}[${index}]`))
      : refuse(path, 'a list');

export const object: Read<Readonly<Record<string, unknown>>> = (value, path) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : refuse(path, 'an object');

export function oneOf<T extends string>(allowed: readonly T[]): Read<T> {
  return (value, path) =>
    allowed.find((item) => item === value) ?? refuse(path, `one of ${allowed.join(', ')}`);
}

export function refuse(path: string, expected: string): never {
  throw new InvalidInputError(path, `is not ${expected}`);
}
