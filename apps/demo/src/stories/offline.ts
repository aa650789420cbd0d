import { type Store, scoped } from '@loci/core';
import { offline as offlineStore } from '@loci/stores-offline';
import { createRedisStore } from '@loci/stores-redis';
import { findProgram, startRedis } from '@loci/testing/servers';
import { chapter, print, warn } from '../cli/output.js';
import type { Story } from '../cli/story.js';
import { openSharedList } from '../examples/shared-list.js';
import { openStore } from '../wiring/store.js';

const password = 'only-for-this-run';
const settings = ['--requirepass', password, '--appendonly', 'yes', '--appendfsync', 'always'];

/** Redis goes away and comes back; nothing waits for it and nothing is lost. */
export const offline: Story = {
  name: 'offline',
  about: 'Redis down and back: reads go on, writes queue, and all of them arrive',
  options: ['file'],
  details: [
    'It starts a redis-server of its own, on a private port, and kills it. The queue is kept in the file.',
  ],
  async run({ file }) {
    if (!findProgram('redis-server')) {
      warn('This story needs the program redis-server. On Debian: apt-get install redis-server');
      return 1;
    }
    const redis = await startRedis({ settings });
    const local = openStore(file);
    const open = () => {
      const server = createRedisStore({ url: redis.url, password, database: 3, prefix: 'demo' });
      const journal = scoped(local, ['demo', 'journal']);
      const store = offlineStore(server, { journal, deadlineMs: 500, probeDelayMs: 20, leaseMs: 500 });
      return {
        store,
        close: () => store.close({ timeoutMs: 1000 }).finally(() => server.close({ timeoutMs: 0 })),
      };
    };
    const push = async (store: Store, ...words: string[]) => {
      const started = performance.now();
      await openSharedList(store, 'offline').update((draft) => void draft.push(...words));
      return `${Math.ceil(performance.now() - started)} ms`;
    };
    let mine = open();
    try {
      chapter('Redis is there');
      await push(mine.store, 'one');
      print(`  ${JSON.stringify(await openSharedList(mine.store, 'offline').get())}\n`);

      chapter('Redis is killed: reads come from the copy, writes are queued on disk');
      await redis.kill();
      print(
        `  the first write notices it (${await push(mine.store, 'two')}), the next one does not wait (${await push(mine.store, 'three')})\n`,
      );
      print(`  ${JSON.stringify(await openSharedList(mine.store, 'offline').get())}\n`);
      const { state, queued } = await mine.store.status();
      print(`  ${state}, ${queued} queued\n`);

      chapter('The process ends before Redis is back: what was not delivered is named');
      for (const { key, reason } of (await mine.close()).unsaved) print(`  ${key.join('/')}: ${reason}\n`);

      chapter('Meanwhile somebody else writes; then a new process delivers what was left');
      await redis.restart();
      const other = createRedisStore({ url: redis.url, password, database: 3, prefix: 'demo' });
      await push(other, 'theirs');
      mine = open();
      await mine.store.flush({ timeoutMs: 5000 });
      const arrived = await openSharedList(other, 'offline').get();
      await other.close();
      print(`  on the server: ${JSON.stringify(arrived)}\n`);
      return ['one', 'two', 'three', 'theirs'].every((word) => arrived.includes(word)) ? 0 : 1;
    } finally {
      await mine.close();
      await local.close();
      await redis.remove();
    }
  },
};
