// Pushes its words onto a list that it shares with others, through a store that goes on while the server is away; says
// each word that is acknowledged, and ends when all of them are delivered.
import { writeSync } from 'node:fs';
import { StoreUnavailableError } from '@loci/core';
import { openMemory } from '@loci/memory-typed';
import { offline } from '@loci/stores-offline';
import { createSqliteStore } from '@loci/stores-sqlite';
import { z } from 'zod';
import { openTarget, type Target } from '../backends/target.js';

const [target = '', journal = '', name = '', from = '0', times = '20'] = process.argv.slice(2);
const server = openTarget(JSON.parse(target) as Target);
let queued = 0;
const store = offline(server, {
  onEvent: ({ type }) => {
    if (type === 'write-queued') queued++;
  },
  journal: createSqliteStore({ path: journal }),
  deadlineMs: 1000,
  probeDelayMs: 20,
  maxProbeDelayMs: 200,
  leaseMs: 500,
});
const list = openMemory({ schema: z.array(z.string()), initial: [], store, key: ['offline'] });

/** Its journal may still be held by a process that was killed. */
async function patiently<T>(run: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!StoreUnavailableError.isInstance(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

await patiently(() => store.status());
for (let step = Number(from); step < Number(times); step++) {
  const word = `${name}-${step}`;
  // The first one after a kill may have been queued by the process before: then it is there.
  await patiently(() =>
    list.update((draft) => {
      if (step > Number(from) || !draft.includes(word)) draft.push(word);
    }),
  );
  writeSync(1, `pushed ${step}\n`);
  await new Promise((resolve) => setTimeout(resolve, 20));
}
await patiently(() => store.flush({ timeoutMs: 5000 }));
const { refused, conflicts } = await store.status();
writeSync(1, `done ${refused.length} ${conflicts} ${queued}\n`);
await store.close();
process.exit(0);
