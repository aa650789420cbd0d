// Rotates a file to `k2` again and again until it is killed or told to end, and says after every page how far it is.
import { createSqliteStore } from '@loci/stores-sqlite';
import { rotate } from '../../dist/index.js';
import { ring, say } from './tools.mjs';

const [path] = process.argv.slice(2);
const store = createSqliteStore({ path });
const onProgress = ({ documents, entries }) => say(`${documents + entries}`);
await rotate(store, { keys: ring('k2'), onProgress });
say('done');
await store.close();
