// Appends to one log and updates one typed memory until it is killed, and says what was acknowledged.
import { writeSync } from 'node:fs';
import { openMemory } from '@loci/memory-typed';
import { createSqliteStore } from '@loci/stores-sqlite';
import { z } from 'zod';

const [path = '', name = ''] = process.argv.slice(2);
const store = createSqliteStore({ path });
// The updates of each writer are kept beside the sum: a lost or a doubled one shows.
const counter = openMemory({
  schema: z.object({ sum: z.number(), by: z.record(z.string(), z.number()) }),
  initial: { sum: 0, by: {} },
  store,
  key: ['counter'],
});
// Synchronous, so that nothing acknowledged is lost with this process.
const say = (line: string) => writeSync(1, `${line}\n`);

for (let step = 0; ; step++) {
  if (step % 3 === 2) {
    await counter.update((draft) => {
      draft.sum += 1;
      draft.by[name] = (draft.by[name] ?? 0) + 1;
    });
    say(`updated ${name}`);
  } else {
    const ids = Array.from({ length: (step % 4) + 1 }, (_, index) => `${name}-${step}-${index}`);
    const body = { by: name, text: 'x'.repeat((step * 37) % 3000) };
    await store.logs.append(
      ['log'],
      ids.map((id) => ({ id, body })),
    );
    say(`appended ${ids.join(' ')}`);
  }
}
