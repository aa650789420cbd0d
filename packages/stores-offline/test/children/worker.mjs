// One of several processes on one server, each with a journal of its own.
import { openMemory } from '@loci/memory-typed';
import { createRedisStore } from '@loci/stores-redis';
import { z } from 'zod';
import { open, say, told } from './tools.mjs';

const [setup, task, name, count, pauseMs] = process.argv.slice(2);
const { store: bare, close } = open(JSON.parse(setup));
let slowest = 0;
/** Measures every call of the store. */
const timed = (methods) =>
  Object.fromEntries(
    Object.entries(methods).map(([method, call]) => [
      method,
      async (...given) => {
        const start = performance.now();
        try {
          return await call(...given);
        } finally {
          slowest = Math.max(slowest, performance.now() - start);
        }
      },
    ]),
  );
const store = { ...bare, documents: timed(bare.documents), logs: timed(bare.logs) };
const schema = z.object({ messages: z.array(z.string()) });
const memory = openMemory({ schema, initial: { messages: [] }, store, key: ['bot'] });
const pause = () => new Promise((resolve) => setTimeout(resolve, Number(pauseMs)));
const tasks = {
  update: (index) =>
    memory.update((draft) => {
      draft.messages.push(`${name}-${index}`);
    }),
  append: (index) => store.logs.append(['log'], [{ id: `${name}-${index}`, body: { name, index } }]),
};

// What Node loads on first use is not what is measured.
const warm = createRedisStore({ url: 'redis://127.0.0.1:1' });
await warm.documents.get(['warm']).catch(() => {});
await warm.close();
await bare.status();
say('ready');
await told();
for (let index = 0; index < Number(count); index++) {
  await tasks[task](index);
  say(`${name}-${index}`);
  await pause();
}
say(`slowest ${Math.round(slowest)}`);
if ((await told()) === 'flush') await store.flush({ timeoutMs: 10_000 });
const { unsaved } = await close({ timeoutMs: 1000 });
say(`unsaved ${unsaved.length}`);
process.exit();
