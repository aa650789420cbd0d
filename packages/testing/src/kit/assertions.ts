import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { ConflictError, LociError, ModelError } from '@loci/core';

/** Deep and strict. */
export const equal: (actual: unknown, expected: unknown, message?: string) => void = assert.deepStrictEqual;

export function holds(condition: unknown, message: string): asserts condition {
  assert.ok(condition, message);
}

/** The named properties of `actual` are equal to those of `expected`; others do not matter. */
export function like(actual: unknown, expected: object): void {
  holds(typeof actual === 'object' && actual !== null, `expected an object and got ${String(actual)}`);
  const picked = Object.fromEntries(
    Object.keys(expected).map((name) => [name, (actual as Record<string, unknown>)[name]]),
  );
  equal(picked, { ...expected });
}

export async function toArray<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** What the work rejects with; fails where it resolves. */
export async function rejection(work: Promise<unknown>): Promise<unknown> {
  let answer: unknown;
  try {
    answer = await work;
  } catch (error) {
    return error;
  }
  throw new assert.AssertionError({ message: `expected a rejection and got ${inspect(answer)}` });
}

/** Expects a rejection with an error of Loci of this code. */
export async function rejectsWith(work: Promise<unknown>, code: string): Promise<void> {
  const error = await rejection(work);
  if (LociError.isInstance(error) && error.code === code) return;
  throw new assert.AssertionError({
    message: `expected an error with the code ${code} and got ${inspect(error)}`,
  });
}

/** The `ConflictError` with which the work is rejected. */
export async function conflictOf(work: Promise<unknown>): Promise<ConflictError> {
  const error = await rejection(work);
  holds(ConflictError.isInstance(error), `expected a ConflictError and got ${inspect(error)}`);
  return error;
}

/** The `ModelError` with which the work is rejected. */
export async function failureOf(work: Promise<unknown>): Promise<ModelError> {
  const error = await rejection(work);
  holds(ModelError.isInstance(error), `expected a ModelError and got ${inspect(error)}`);
  return error;
}
