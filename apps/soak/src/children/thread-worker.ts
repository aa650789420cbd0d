// One of several processes on one thread, until it is killed: it appends turns, compacts or clears.
import { compaction } from '@loci/memory-compaction';
import { type CrashPoint, runThreadWorker, type ThreadWorkerOptions } from '@loci/testing/compaction';
import { openTarget, type Target } from '../backends/target.js';

const [target = '', role, name = '', stopAt] = process.argv.slice(2);

await runThreadWorker({
  store: openTarget(JSON.parse(target) as Target),
  role: role as ThreadWorkerOptions['role'],
  name,
  stopAt: stopAt as CrashPoint | undefined,
  compaction,
});
