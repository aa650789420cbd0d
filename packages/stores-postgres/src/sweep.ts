import type { CallFunction } from './call-function.js';
import type { Settings } from './check-options.js';
import type { Connection } from './connection.js';
import { graceMs } from './expiry.js';
import { toStoreError } from './postgres-error.js';

const writesBetween = 50;
const batch = 200;

/** Deletes what has expired, a bounded batch at a time, on the back of every fiftieth write. */
export interface Sweeper {
  afterWrite(): void;
}

export function createSweeper(
  connection: Connection,
  call: CallFunction,
  { clock, onEvent }: Settings,
): Sweeper {
  // From the first write on, because a process may never get to fifty.
  let writes = writesBetween;

  async function sweep(): Promise<void> {
    const before = Math.floor(clock.now()) - graceMs;
    const { full_batch: full } = await call('sweep', { key: [], values: [before, batch] });
    if (full === true) writes = writesBetween;
  }

  return {
    afterWrite() {
      writes++;
      if (writes < writesBetween || connection.closing.aborted) return;
      writes = 0;
      // The write before it is stored and acknowledged. Expired records are hidden anyway, and the next sweep begins again.
      sweep().catch((error: unknown) => {
        if (!connection.closing.aborted) onEvent({ type: 'sweep-failed', error: toStoreError(error, []) });
      });
    },
  };
}
