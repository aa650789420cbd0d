// Holds the write lock of a file until it is told to release it.
import { DatabaseSync } from 'node:sqlite';
import { say, told } from './tools.mjs';

const database = new DatabaseSync(process.argv[2]);
database.exec('begin immediate');
say('held');
await told();
database.exec('commit');
database.close();
say('released');
process.exit();
