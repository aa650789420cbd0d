import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createRedisStore } from '@loci/stores-redis';
import { createSqliteStore } from '@loci/stores-sqlite';
import { offline } from '../../dist/index.js';

const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** The next line of the input. */
export async function told() {
  return (await input.next()).value;
}

/** Synchronous, so that nothing acknowledged is lost when this process is killed. */
export function say(line) {
  writeSync(1, `${line}\n`);
}

/** A store on a real server, its journal in a file. `wrap` may put something between the two. */
export function open({ url, prefix, path, options }, wrap = (stores) => stores) {
  const server = createRedisStore({ url, prefix, commandTimeoutMs: 2000, maxReconnectDelayMs: 100 });
  const stores = wrap({ server, journal: createSqliteStore({ path }) });
  const store = offline(stores.server, {
    journal: stores.journal,
    deadlineMs: 1000,
    probeDelayMs: 20,
    maxProbeDelayMs: 200,
    leaseMs: 500,
    ...options,
  });
  const close = async (io) => {
    const report = await store.close(io);
    await stores.journal.close({ timeoutMs: 0 });
    await server.close({ timeoutMs: 0 });
    return report;
  };
  return { store, close };
}
