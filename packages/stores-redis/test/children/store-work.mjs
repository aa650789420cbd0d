// One of the processes of the conformance kit on one server.
import { runStoreWork } from '@loci/testing/store';
import { createRedisStore } from '../../dist/index.js';

const [options, work] = process.argv.slice(2);
await runStoreWork(createRedisStore(JSON.parse(options)), JSON.parse(work));
