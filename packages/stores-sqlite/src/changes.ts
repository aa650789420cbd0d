import type { Database } from './database.js';

/** How many changes are kept. A feed that has not looked for so long is told to read everything again. */
export const keptChanges = 10_000;

/** Notes a change for the feeds, in the transaction of the change itself. */
export function noteChange(database: Database, target: 'document' | 'log', encodedKey: string): void {
  database.run('insert into changes (target, key) values (?, ?)', target, encodedKey);
  database.run('delete from changes where seq <= last_insert_rowid() - ?', keptChanges);
}
