// One of several processes on the same memory: says `ready`, is told to go, counts, and says how often its recipe ran.
import { createSqliteStore } from '@loci/stores-sqlite';
import { z } from 'zod';
import { openMemory } from '../../dist/index.js';
import { say, told } from './tools.mjs';

const [path, name, count] = process.argv.slice(2);
const store = createSqliteStore({ path });
const memory = openMemory({
  schema: z.object({ total: z.number(), by: z.record(z.string(), z.number()) }),
  initial: { total: 0, by: {} },
  store,
  key: ['counter'],
});
let runs = 0;

say('ready');
await told();
for (let index = 0; index < Number(count); index++) {
  await memory.update((draft) => {
    runs++;
    draft.total += 1;
    draft.by[name] = (draft.by[name] ?? 0) + 1;
  });
}
say(String(runs));
await store.close();
process.exit();
