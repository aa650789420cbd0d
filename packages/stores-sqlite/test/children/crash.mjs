// Works on a store and acknowledges every write; kills itself when it has come to a named step for the nth time.
import { subscribe } from 'node:diagnostics_channel';
import { createSqliteStore } from '../../dist/index.js';
import { say } from './tools.mjs';

const [path, point, nth] = process.argv.slice(2);
let left = Number(nth);
subscribe('loci:stores-sqlite:step', (step) => {
  if (step !== point) return;
  left--;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
});

const store = createSqliteStore({ path });
for (let round = 0; round < 20; round++) {
  const batch = [0, 1, 2].map((index) => ({ id: `b${round}-${index}`, body: { round, index } }));
  await store.logs.append(['log'], batch);
  say(`append ${round}`);
  await store.documents.put(['document'], round, { expect: 'any', operationId: `op-${round}` });
  say(`put ${round}`);
  const stubs = [0, 1].map((index) => ({ id: `b${round}-${index}`, revision: 0, body: 'redacted' }));
  await store.logs.rewrite(['log'], stubs);
  say(`rewrite ${round}`);
  await store.documents.put(['short', String(round)], 1, { expect: 'any', operationId: 'op', ttlMs: 1 });
  await store.logs.append(['short', String(round)], batch, { ttlMs: 1 });
  await store.logs.append(['dropped', String(round)], batch);
  await store.logs.delete(['dropped', String(round)]);
  say(`delete ${round}`);
  if (round % 4 === 1) {
    await store.backup(`${path}.copy-${round}`);
    say(`backup ${round}`);
  }
}
await store.close();
