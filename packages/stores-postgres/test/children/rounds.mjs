import { say } from './tools.mjs';

/** Works on a store, and acknowledges every write. */
export async function runRounds(store, count) {
  for (let round = 0; round < count; round++) {
    const batch = [0, 1, 2].map((index) => ({ id: `b${round}-${index}`, body: { round, index } }));
    await store.logs.append(['log'], batch);
    say(`append ${round}`);
    await store.documents.put(['document'], round, { expect: 'any', operationId: `op-${round}` });
    say(`put ${round}`);
    const stubs = [0, 1].map((index) => ({ id: `b${round}-${index}`, revision: 0, body: 'redacted' }));
    await store.logs.rewrite(['log'], stubs);
    say(`rewrite ${round}`);
    await store.logs.append(['dropped', String(round)], batch);
    await store.logs.delete(['dropped', String(round)]);
    say(`delete ${round}`);
  }
}
