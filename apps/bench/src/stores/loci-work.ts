import { randomUUID } from 'node:crypto';
import { openMemory } from '@loci/memory-typed';
import { z } from 'zod';
import { openTarget, type Target } from './target.js';
import { body, type Work } from './work.js';

/** What only the store is asked for: an update through `memory-typed`, of one's own record or of the one that all want. */
export interface LociWork extends Work {
  recipe(): Promise<void>;
  contend(): Promise<void>;
}

export async function createLociWork(target: Target, name: string): Promise<LociWork> {
  const store = openTarget(target);
  const options = { schema: z.object({ count: z.number() }), initial: { count: 0 }, store };
  const own = openMemory({ ...options, key: ['memory', name] });
  const shared = openMemory({ ...options, key: ['memory'] });
  const increment = (draft: { count: number }) => {
    draft.count += 1;
  };
  const key = ['update', name];
  await store.documents.put(key, { count: 0 }, { expect: 'any', operationId: randomUUID() });
  return {
    append: async (id) => void (await store.logs.append(['log'], [{ id, body }])),
    async update() {
      const found = await store.documents.get(key);
      if (!found) throw new Error('The record is not there.');
      const { count } = found.value as { readonly count: number };
      const expect = { version: found.version };
      await store.documents.put(key, { count: count + 1 }, { expect, operationId: randomUUID() });
    },
    recipe: async () => void (await own.update(increment)),
    contend: async () => void (await shared.update(increment)),
    close: async () => void (await store.close()),
  };
}
