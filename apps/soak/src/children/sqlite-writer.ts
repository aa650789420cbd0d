// Appends to one log and counts in one document until it is killed, and says what was acknowledged.
import { writeSync } from 'node:fs';
import { ConflictError, type JsonValue, type Store } from '@loci/core';
import { createSqliteStore } from '@loci/stores-sqlite';

const [path = '', name = ''] = process.argv.slice(2);
const store = createSqliteStore({ path });
// Synchronous, so that nothing acknowledged is lost with this process.
const say = (line: string) => writeSync(1, `${line}\n`);

for (let step = 0; ; step++) {
  if (step % 3 === 2) {
    await increment(store, `${name}-${step}`);
    say(`counted ${name}-${step}`);
  } else {
    const ids = Array.from({ length: (step % 4) + 1 }, (_, index) => `${name}-${step}-${index}`);
    await store.logs.append(
      ['log'],
      ids.map((id) => ({ id, body: { by: name, text: 'x'.repeat((step * 37) % 3000) } })),
    );
    say(`appended ${ids.join(' ')}`);
  }
}

/** Keeps the name of every increment beside the sum: a lost or a doubled one shows. */
async function increment(target: Store, id: string): Promise<void> {
  for (;;) {
    const found = await target.documents.get(['counter']);
    const { sum = 0, last = {} } = (found?.value ?? {}) as {
      sum?: number;
      last?: { [name: string]: JsonValue };
    };
    const steps = Number(last[name] ?? 0);
    const value = { sum: sum + 1, last: { ...last, [name]: steps + 1 } };
    try {
      const expect = found ? { version: found.version } : 'absent';
      await target.documents.put(['counter'], value, { expect, operationId: id });
      return;
    } catch (error) {
      if (!ConflictError.isInstance(error)) throw error;
    }
  }
}
