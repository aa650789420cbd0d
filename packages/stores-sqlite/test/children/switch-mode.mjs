// Tries to take the file out of its write-ahead mode, which no process may do while another one has it open.
import { DatabaseSync } from 'node:sqlite';
import { say } from './tools.mjs';

const database = new DatabaseSync(process.argv[2]);
try {
  say(database.prepare('pragma journal_mode = delete').get().journal_mode);
} catch (error) {
  say(error.message);
}
process.exit();
