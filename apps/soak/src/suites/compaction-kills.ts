import { fileURLToPath } from 'node:url';
import { playSharedThread } from '@loci/testing/compaction';
import { createRandom } from '@loci/testing/conversations';
import { startProcess } from '@loci/testing/servers';
import { startBackend } from '../backends/start-backend.js';
import { openTarget, type Target } from '../backends/target.js';
import type { Suite } from '../suite.js';

const script = fileURLToPath(new URL('./children/thread-worker.js', import.meta.url));

/** Processes on one thread, of which one that compacts is killed in every round. */
export function compactionKills(kind: Target['kind'], rounds: number): Suite {
  return {
    name: `compaction-${kind}`,
    proves:
      'A compaction that is killed at any point, while four processes append, another compacts and one clears, leaves the old view or the new one: no turn is lost, no clear is undone, no two compactions cover the same, and a summary covers what its summariser saw.',
    rounds,
    async run({ rounds, seed, progress, signal }) {
      const { target, remove } = await startBackend(kind);
      const store = openTarget(target);
      try {
        const { faults, turns, clears, overlays } = await playSharedThread({
          random: createRandom(seed),
          start: (role, name, stopAt) =>
            startProcess(script, [JSON.stringify(target), role, name, ...(stopAt ? [stopAt] : [])]),
          store,
          rounds,
          progress,
          signal,
        });
        if (faults.length > 0) throw new Error(faults.slice(0, 10).join('; '));
        return [
          { what: 'kills of a process that compacts', count: rounds },
          { what: 'acknowledged turns', count: turns },
          { what: 'clears', count: clears },
          { what: 'compactions applied', count: overlays },
        ];
      } finally {
        await store.close();
        await remove();
      }
    },
  };
}
