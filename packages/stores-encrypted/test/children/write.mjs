// Counts, appends and redacts in an encrypted file, under the key that is named, and acknowledges every round.
import { createSqliteStore } from '@loci/stores-sqlite';
import { encrypted } from '../../dist/index.js';
import { ring, say, told } from './tools.mjs';

const [path, name, current, first] = process.argv.slice(2);
const store = encrypted(createSqliteStore({ path }), { keys: ring(current) });

async function increment(operationId) {
  for (;;) {
    const found = await store.documents.get(['counter']);
    const expect = found ? { version: found.version } : 'absent';
    try {
      await store.documents.put(['counter'], (found?.value ?? 0) + 1, { expect, operationId });
      return;
    } catch (error) {
      // Every attempt was answered, so none was applied, however many versions the others made meanwhile.
      if (error.code !== 'CONFLICT') throw error;
    }
  }
}

async function redact(seq) {
  for (;;) {
    for await (const { id, revision } of store.logs.read(['l'], { from: seq, to: seq })) {
      const written = await store.logs.rewrite(['l'], [{ id, revision, body: `redacted ${seq}` }]);
      if (written.length > 0) return;
    }
  }
}

say('ready');
await told();
for (let round = 0; round < 50; round++) {
  await increment(`${name}-${round}`);
  await store.logs.append(['shared'], [{ id: `${name}-${round}`, body: { name, round } }]);
  await redact(Number(first) + round);
}
say('done');
await store.close();
