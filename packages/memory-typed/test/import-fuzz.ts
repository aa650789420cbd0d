import { createMemoryStore, type JsonValue, LociError, type Store } from '@loci/core';
import { openMemory } from '@loci/memory-typed';
import fc from 'fast-check';
import { z } from 'zod';

const key = ['fuzz'];
const value = { name: 'Ada', scores: [1, 2], nested: { a: { b: null } } };
const schema = z.strictObject({
  name: z.string(),
  scores: z.array(z.number()),
  nested: z.record(z.string(), z.json()),
});
const whole = {
  format: 'loci-memory',
  version: 1,
  schema: { id: 'fuzz', version: 2 },
  createdAt: 1000,
  updatedAt: 2000,
  value,
};

/** A memory with something in it, to import into. */
export async function createTarget(store: Store = createMemoryStore()) {
  const memory = openMemory({
    schema,
    initial: { name: '', scores: [], nested: {} },
    store,
    key,
    schemaId: 'fuzz',
    schemaVersion: 2,
    maxBytes: 150,
    migrations: { up: { 1: (old: { name: string }) => ({ ...value, name: old.name.trim() }) } },
  });
  await memory.set({ name: 'kept', scores: [], nested: {} });
  return { store, memory };
}

/** How one import ended; `problem` says what should not have happened. */
export interface ImportOutcome {
  readonly outcome: 'imported' | 'refused';
  /** Of the error that refused it. */
  readonly code?: string;
  readonly problem?: string;
}

/**
 * Imports data of unknown shape. A refusal must be a typed error and leave the stored bytes as they were; what is
 * accepted must read back as it was imported, and export as a whole record. Nothing may get into a prototype.
 */
export async function tryImport(
  target: Awaited<ReturnType<typeof createTarget>>,
  data: unknown,
): Promise<ImportOutcome> {
  const { store, memory } = target;
  const stored = async () => JSON.stringify(await store.documents.get(key));
  const before = await stored();
  const ownNames = Object.getOwnPropertyNames(Object.prototype).length;
  let result: ImportOutcome;
  try {
    const imported = await memory.importMemory(data);
    const again = await memory.exportMemory();
    const isSame =
      JSON.stringify(again.value) === JSON.stringify(imported) && schema.safeParse(imported).success;
    result = isSame ? { outcome: 'imported' } : { outcome: 'imported', problem: 'it reads back differently' };
  } catch (error) {
    if (!LociError.isInstance(error)) {
      return { outcome: 'refused', problem: `not a typed error: ${error}` };
    }
    result = { outcome: 'refused', code: error.code };
    if ((await stored()) !== before) result = { ...result, problem: 'what is stored was changed' };
  }
  if (Object.getOwnPropertyNames(Object.prototype).length !== ownNames) {
    return { ...result, problem: 'a prototype was changed' };
  }
  return result;
}

/** Data that is nearly a record: something in it, or all of it, is something else. */
export function brokenImports(): fc.Arbitrary<unknown> {
  const anyJson = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;
  const strange = fc.oneof(
    anyJson,
    fc.constantFrom<unknown>(
      undefined,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      -0,
      1e308,
      Number.MAX_SAFE_INTEGER + 2,
      2 ** 53,
      10n,
      new Date(0),
      new Map([['a', 1]]),
      () => 1,
      Symbol('x'),
      '\ud800',
      '\0',
      [undefined],
    ),
    fc.integer({ min: 1, max: 2000 }).map(nest),
    fc.string({ minLength: 150, maxLength: 20_000 }),
    fc.constantFrom(...traps),
    fc.constant(JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}')),
    fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withNullPrototype: true }),
  );
  const paths = [
    [],
    ['format'],
    ['version'],
    ['schema'],
    ['schema', 'id'],
    ['schema', 'version'],
    ['createdAt'],
  ];
  const more = [
    ['updatedAt'],
    ['value'],
    ['value', 'name'],
    ['value', 'scores'],
    ['value', 'nested'],
    ['more'],
  ];
  const polluting = [['__proto__'], ['value', '__proto__'], ['value', 'nested', '__proto__']];
  const change = fc.record({ path: fc.constantFrom(...paths, ...more, ...polluting), to: strange });
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    let data: unknown = structuredClone(whole);
    for (const { path, to } of changes) data = place(data, path, to);
    return data;
  });
}

function throwing(): never {
  throw new Error('a trap');
}

/** They throw when they are read. */
const traps = new Set<unknown>([
  Object.defineProperty({}, 'name', { enumerable: true, get: throwing }),
  new Proxy({}, { ownKeys: throwing }),
]);

function nest(depth: number): JsonValue {
  let inner: JsonValue = 1;
  for (let level = 0; level < depth; level++) inner = level % 2 ? [inner] : { a: inner };
  return inner;
}

function place(data: unknown, [name, ...rest]: readonly string[], to: unknown): unknown {
  if (name === undefined) return to;
  if (typeof data !== 'object' || data === null || traps.has(data)) return data;
  const inner = Object.hasOwn(data, name) ? (data as { readonly [name: string]: unknown })[name] : {};
  const made = place(inner, rest, to);
  // Defined, not assigned: a name such as `__proto__` becomes a property of its own.
  return Object.defineProperty({ ...data }, name, {
    value: made,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
