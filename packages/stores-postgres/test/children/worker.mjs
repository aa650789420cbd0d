// One of several processes on the same server: says `ready`, is told to go, works, and ends.
import { createPostgresStore } from '../../dist/index.js';
import { runRounds } from './rounds.mjs';
import { say, told } from './tools.mjs';

const [options, task, name, count] = process.argv.slice(2);
const store = createPostgresStore(JSON.parse(options));

const tasks = {
  async append() {
    for (let index = 0; index < Number(count); index++) {
      await store.logs.append(['shared'], [{ id: `${name}-${index}`, body: { name, index } }]);
      say(`${name}-${index}`);
    }
  },
  async increment() {
    for (let index = 0; index < Number(count); index++) await incrementOnce(`${name}-${index}`);
  },
  crash: () => runRounds(store, 1e6),
  async open() {
    await store.documents.put([name], 'opened', { expect: 'absent', operationId: name });
  },
};

async function incrementOnce(operationId) {
  for (;;) {
    const found = await store.documents.get(['counter']);
    const expect = found ? { version: found.version } : 'absent';
    try {
      await store.documents.put(['counter'], (found?.value ?? 0) + 1, { expect, operationId });
      return;
    } catch (error) {
      // Every attempt was answered, so none was applied, however many versions the others made meanwhile.
      if (error.code !== 'CONFLICT') throw error;
    }
  }
}

say('ready');
await told();
try {
  await tasks[task]();
  say('done');
} catch (error) {
  say(error.code);
}
await store.close({ timeoutMs: 0 });
process.exit();
