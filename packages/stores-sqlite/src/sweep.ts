import type { Clock } from '@loci/core';
import { type Database, inTransaction, toInteger } from './database.js';
import { step } from './steps.js';

const writesBetween = 50;
const batch = 200;

/** Deletes what has expired, a bounded batch at a time, on the back of every fiftieth write. */
export interface Sweeper {
  afterWrite(database: Database): void;
}

export function createSweeper(clock: Clock): Sweeper {
  // From the first write on, because a process may never get to fifty.
  let writes = writesBetween;
  return {
    afterWrite(database) {
      writes++;
      if (writes < writesBetween) return;
      writes = 0;
      try {
        const full = inTransaction(database, 'immediate', () => sweep(database, clock.now()));
        if (full) writes = writesBetween;
      } catch {
        // The write before it is stored and must be acknowledged. Expired records are hidden anyway, and the next
        // sweep begins again; a disk that fails is reported by the next write.
      }
    },
  };
}

/** Answers whether there may be more to delete. */
function sweep(database: Database, now: number): boolean {
  const documents = database.run(
    'delete from documents where rowid in (select rowid from documents where expires_at <= ? limit ?)',
    now,
    batch,
  );
  step('sweep');
  const logs = [...database.each('select id from logs where expires_at <= ? limit ?', now, batch)];
  for (const row of logs) discardLog(database, toInteger(row, 'id'));
  return sweepGarbage(database) || documents === batch || logs.length === batch;
}

/** Takes a log's head away; its entries are left to the sweep. */
export function discardLog(database: Database, id: number): void {
  database.run('delete from logs where id = ?', id);
  database.run('insert into garbage (log) values (?)', id);
}

function sweepGarbage(database: Database): boolean {
  let left = batch;
  for (const row of [...database.each('select log from garbage limit ?', batch)]) {
    const log = toInteger(row, 'log');
    left -= database.run(
      'delete from entries where rowid in (select rowid from entries where log = ? limit ?)',
      log,
      left,
    );
    step('sweep');
    if (left <= 0) return true;
    database.run('delete from garbage where log = ?', log);
  }
  return false;
}
