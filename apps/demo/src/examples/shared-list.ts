import type { Store } from '@loci/core';
import { openMemory } from '@loci/memory-typed';
import { z } from 'zod';

/** One list that several processes change. */
export function openSharedList(store: Store, name: string) {
  return openMemory({
    schema: z.array(z.string()),
    initial: [],
    store,
    key: ['demo', 'shared', name],
    schemaId: 'demo/shared-list',
  });
}
