// One of several processes on one server, each with a journal of its own.
import { openMemory } from '@loci/memory-typed';
import { z } from 'zod';
import { open, say, told } from './tools.mjs';

const [setup, task, name, count, pauseMs] = process.argv.slice(2);
const { store, close } = open(JSON.parse(setup));
const schema = z.object({ messages: z.array(z.string()) });
const memory = openMemory({ schema, initial: { messages: [] }, store, key: ['bot'] });
const pause = () => new Promise((resolve) => setTimeout(resolve, Number(pauseMs)));
let slowest = 0;

const tasks = {
  update: (index) =>
    memory.update((draft) => {
      draft.messages.push(`${name}-${index}`);
    }),
  append: (index) => store.logs.append(['log'], [{ id: `${name}-${index}`, body: { name, index } }]),
};

say('ready');
await told();
for (let index = 0; index < Number(count); index++) {
  const start = performance.now();
  await tasks[task](index);
  slowest = Math.max(slowest, performance.now() - start);
  say(`${name}-${index}`);
  await pause();
}
say(`slowest ${Math.round(slowest)}`);
if ((await told()) === 'flush') await store.flush({ timeoutMs: 10_000 });
const { unsaved } = await close({ timeoutMs: 1000 });
say(`unsaved ${unsaved.length}`);
process.exit();
