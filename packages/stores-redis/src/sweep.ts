import type { Settings } from './check-options.js';
import type { Connection } from './connection.js';
import { graceMs } from './expiry.js';
import { listExpired, removeExpired } from './lua/record-scripts.js';
import { fromMember } from './names.js';

const writesBetween = 50;
const batch = 100;

/** Removes what has expired from the indexes, a bounded batch at a time, on the back of every fiftieth write. */
export interface Sweeper {
  afterWrite(): void;
}

export function createSweeper(connection: Connection, { clock, names }: Settings): Sweeper {
  // From the first write on, because a process may never get to fifty.
  let writes = writesBetween;

  async function sweep(): Promise<void> {
    const before = Math.floor(clock.now()) - graceMs;
    const { expiries } = names;
    const members = await connection.run(listExpired, { key: [], keys: [expiries], values: [before, batch] });
    if (members.length === 0 || connection.closing.aborted) return;
    const records = members.flatMap((member) => {
      const parts = typeof member === 'string' ? fromMember(member) : undefined;
      return parts ? [{ member: member as string, target: parts[0], encoded: parts[1] }] : [];
    });
    const keys = records.flatMap(({ target, encoded }) => [
      names.index(target),
      names.record(target, encoded),
    ]);
    const values = records.flatMap(({ encoded, member }) => [encoded, member]);
    await connection.run(removeExpired, { key: [], keys: [expiries, ...keys], values: [before, ...values] });
    if (members.length === batch) writes = writesBetween;
  }

  return {
    afterWrite() {
      writes++;
      if (writes < writesBetween || connection.closing.aborted) return;
      writes = 0;
      // The write before it is stored and acknowledged. Expired records are hidden anyway, and the next sweep begins
      // again; a server that fails is reported by the next write.
      sweep().catch(() => {});
    },
  };
}
