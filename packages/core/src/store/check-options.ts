import { type Check, count, id, list, Mismatch, number, oneOf, optional, shape, want } from '../check.js';
import { InvalidInputError } from '../errors/invalid-input-error.js';
import type { AppendOptions, LogAppend, PutOptions } from './store.js';

const ttlMs = optional((value, path) => {
  number(value, path);
  want((value as number) > 0, path, 'more than 0 milliseconds');
});
const either =
  (...words: readonly string[]) =>
  (otherwise: Check): Check =>
  (value, path) =>
    typeof value === 'string' ? oneOf(...words)(value, path) : otherwise(value, path);
const version = shape({ version: id });
const checks = {
  put: shape({ expect: either('any', 'absent')(version), operationId: id, ttlMs }),
  delete: shape({ expect: either('any', 'absent')(version) }),
  append: shape({ expect: optional(either('absent')(shape({ epoch: id, seq: count }))), ttlMs }),
  rewrite: list(shape({ id, revision: count })),
  read: shape({ from: optional(count), to: optional(count), limit: optional(count) }),
};

/** For authors of stores: throws `InvalidInputError` where the options of an operation are not what the contract asks for. */
export function checkPut(options: PutOptions): void {
  guard(checks.put, options, 'options');
}

/** As `checkPut`, for `documents.delete`. */
export function checkDelete(options: unknown): void {
  guard(checks.delete, options, 'options');
}

/** As `checkPut`, for `logs.read`. */
export function checkRead(options: unknown): void {
  guard(checks.read, options, 'options');
}

/** As `checkPut`, for `logs.rewrite`. */
export function checkRewrite(entries: unknown): void {
  guard(checks.rewrite, entries, 'entries');
}

/** As `checkPut`, for `logs.append`: at least one entry, ids of 1–512 bytes, none of them twice. */
export function checkAppend(entries: readonly LogAppend[], options: AppendOptions): void {
  guard(checks.append, options, 'options');
  guard(
    (given, path) => {
      want(Array.isArray(given) && given.length > 0, path, 'a list of at least one entry');
      const seen = new Set<unknown>();
      for (const [index, entry] of (given as LogAppend[]).entries()) {
        shape({ id })(entry, `${path}[${index}]`);
        want(!seen.has(entry.id), `${path}[${index}].id`, 'another id than those before it');
        seen.add(entry.id);
      }
    },
    entries,
    'entries',
  );
}

function guard(check: Check, value: unknown, path: string): void {
  try {
    check(value, path);
  } catch (error) {
    throw error instanceof Mismatch ? new InvalidInputError(error.path, error.reason) : error;
  }
}
