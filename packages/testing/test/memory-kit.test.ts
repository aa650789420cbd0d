import type { Memory } from '@loci/core';
import { window } from '@loci/core/turn';
import {
  type DeclaredGaps,
  type MemoryContext,
  memoryCaseIds,
  memoryConformance,
} from '@loci/testing/memory';
import { describe, expect, it } from 'vitest';
import { brokenMemories, reminders } from './broken/memories.js';
import { collectCases } from './collect-cases.js';

const runner = { describe, it, expect };
memoryConformance(runner, { name: 'window', create: () => window() });
memoryConformance(runner, { name: 'a short window', create: () => window({ keepLast: 4, slack: 1 }) });

const good = ({ store }: MemoryContext) => reminders(store);
const kit = (create: (context: MemoryContext) => Memory, skip: DeclaredGaps = {}) =>
  collectCases((collector) => memoryConformance(collector, { name: 'a memory', create, skip }));
const broken = (id: string) => (context: MemoryContext) =>
  brokenMemories[id]?.(context.store) ?? good(context);

describe('the memory kit', () => {
  it('is passed by a good memory', async () => {
    expect(await kit(good).failures()).toEqual([]);
  });

  it('has a broken memory for every case, and no others', () => {
    expect(Object.keys(brokenMemories).sort()).toEqual([...memoryCaseIds].sort());
  });

  it.concurrent.each(memoryCaseIds)(
    'fails a memory that breaks %s, unless the gap is declared',
    { timeout: 20_000 },
    async (id) => {
      const { error } = await kit(broken(id)).run(id);
      expect(error).toBeInstanceOf(Error);
      expect((error as Error).message).not.toMatch(/^Not run/);
      expect((await kit(broken(id), { [id]: 'a reason' }).run(id)).error).toBeUndefined();
    },
  );

  it('fails a declared gap that is none any more', async () => {
    const { error } = await kit(good, { 'prepare/empty': 'not yet' }).run('prepare/empty');
    expect(String(error)).toContain('“prepare/empty” passes now');
  });

  it('fails a factory whose memories share what they learned', async () => {
    let shared: Memory | undefined;
    const cases = kit(({ store }) => {
      shared ??= reminders(store);
      return Object.freeze({ ...shared });
    });
    expect((await cases.run('factory')).error).toBeInstanceOf(Error);
  });
});
