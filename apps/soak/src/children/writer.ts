// Appends to one log and updates one typed memory until it is killed, and says what was acknowledged. It ends by itself
// where its server is gone.
import { writeSync } from 'node:fs';
import { StoreUnavailableError } from '@loci/core';
import { openMemory } from '@loci/memory-typed';
import { counterMemory } from '../backends/counter.js';
import { openTarget, type Target } from '../backends/target.js';

const [target = '', name = ''] = process.argv.slice(2);
const store = openTarget(JSON.parse(target) as Target);
const counter = openMemory({ ...counterMemory, store });
// Synchronous, so that nothing acknowledged is lost with this process.
const say = (line: string) => writeSync(1, `${line}\n`);

try {
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
} catch (error) {
  if (!StoreUnavailableError.isInstance(error)) throw error;
}
process.exit(0);
