// One of the processes of the conformance kit on one file.
import { runStoreWork } from '@loci/testing/store';
import { createSqliteStore } from '../../dist/index.js';

const [path, work] = process.argv.slice(2);
await runStoreWork(createSqliteStore({ path }), JSON.parse(work));
