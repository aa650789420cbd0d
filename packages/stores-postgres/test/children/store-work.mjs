// One of the processes of the conformance kit on one server.
import { runStoreWork } from '@loci/testing/store';
import { createPostgresStore } from '../../dist/index.js';

const [options, work] = process.argv.slice(2);
await runStoreWork(createPostgresStore(JSON.parse(options)), JSON.parse(work));
