import { randomId } from '@loci/core';
import { chapter, print } from '../cli/output.js';
import type { Story } from '../cli/story.js';
import { openSharedList } from '../examples/shared-list.js';
import { startPart } from '../wiring/start-part.js';
import { openStore } from '../wiring/store.js';

const changes = ['push', 'sort', 'pop', 'splice', 'delete'];

/** Two processes and one memory: each sees what the other does, and nothing of it is lost. */
export const processes: Story = {
  name: 'processes',
  about: 'two processes and one memory: every change is seen and none is lost',
  options: ['file'],
  details: ['It starts the other processes itself. Both work on the same file; no model is called.'],
  async run({ file }) {
    const store = openStore(file);
    const name = randomId();
    const list = openSharedList(store, name);
    const end = new AbortController();
    const neighbour = startPart('neighbour', [file, name]);
    try {
      await neighbour.line();
      chapter(`Process ${process.pid} watches what another process does`);
      const seen = list.watch({ signal: end.signal, from: await list.get() })[Symbol.asyncIterator]();
      for (const change of changes) {
        neighbour.tell(change);
        const { value } = await seen.next();
        const patch = value?.patch.map(
          ({ op, path }: { op: string; path: string }) => `${op} ${path || '/'}`,
        );
        print(`${change.padEnd(6)} → ${JSON.stringify(value?.new)}  (${patch?.join(', ')})\n`);
        await neighbour.line();
      }

      chapter('What was read is a snapshot, and says so when it is touched');
      const snapshot = await list.get();
      try {
        (snapshot as string[]).push('lost');
      } catch (error) {
        print(`${(error as Error).message}\n`);
      }

      chapter('Four processes append 20 each at the same time');
      await list.set([]);
      const others = [1, 2, 3].map(() => startPart('neighbour', [file, name]));
      const all = [neighbour, ...others];
      for (const other of others) await other.line();
      for (const one of all) one.tell('append');
      for (const one of all) await one.line();
      for (const other of others) other.kill();
      const kept = (await list.get()).length;
      print(`${kept} of 80 are there\n`);
      return kept === 80 ? 0 : 1;
    } finally {
      end.abort();
      neighbour.kill();
      await list.clear();
      await store.close();
    }
  },
};
