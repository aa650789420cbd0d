// The second process of the story `processes`: for each line that it is told it changes the shared list.
import { createInterface } from 'node:readline';
import { openSharedList } from '../examples/shared-list.js';
import { openStore } from '../wiring/store.js';

const [file = '', name = ''] = process.argv.slice(2);
const store = openStore(file);
const list = openSharedList(store, name);
const self = process.pid;

const tasks: Readonly<Record<string, () => Promise<unknown>>> = {
  push: () => list.update((draft) => void draft.push('pear', 'apple', 'fig')),
  pop: () => list.update((draft) => void draft.pop()),
  splice: () => list.update((draft) => void draft.splice(0, 1, 'quince')),
  sort: () => list.update((draft) => void draft.sort()),
  delete: () => list.update((draft) => void draft.splice(draft.indexOf('apple'), 1)),
  async append() {
    for (let step = 1; step <= 20; step++) await list.update((draft) => void draft.push(`${self}-${step}`));
  },
};

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  await tasks[line]?.();
  process.stdout.write(`${line}\n`);
}
await store.close();
