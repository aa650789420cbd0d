import type { Store } from '@loci/core';
import { entries, put } from './tools.js';

/** A text that is nowhere but in values. */
export const canary = 'CANARY-5f1d';

/** Writes it in every way in which a value gets into a store. */
export async function writeCanaries(store: Store): Promise<void> {
  await put(store, ['d'], { [canary]: canary }, 'op');
  await put(store, ['d'], { text: `again ${canary}` }, 'op-2');
  await store.logs.append(['l'], [...entries(1, 2), { id: 'e3', body: { kind: 'message', text: canary } }]);
  await store.logs.rewrite(['l'], [{ id: 'e1', revision: 0, body: `rewritten ${canary}` }]);
  await store.documents.put(['short'], canary, { expect: 'any', operationId: 'op', ttlMs: 60_000 });
}
