// One of the processes of the conformance kit on one encrypted file.
import { createSqliteStore } from '@loci/stores-sqlite';
import { runStoreWork } from '@loci/testing/store';
import { encrypted } from '../../dist/index.js';
import { ring } from './tools.mjs';

const [path, work] = process.argv.slice(2);
await runStoreWork(encrypted(createSqliteStore({ path }), { keys: ring('k2') }), JSON.parse(work));
