// A process that queues, and kills itself at a named point of the delivery.
import { open, say, told } from './tools.mjs';

const [setup, point] = process.argv.slice(2);
const [where, count] = point.split('/');
let left = Number(count);

function dieAt(name) {
  if (name === where && left-- === 0) process.kill(process.pid, 'SIGKILL');
}
const around =
  (name, call) =>
  async (...given) => {
    dieAt(`before ${name}`);
    const answer = await call(...given);
    dieAt(`after ${name}`);
    return answer;
  };
const isQueue = (key) => key[1] === 'queue';
let away = true;
const guarded =
  (call) =>
  async (...given) => {
    if (away) throw Object.assign(new Error('away'), awayError);
    return call(...given);
  };
let awayError;

const { store, close } = open(JSON.parse(setup), ({ server, journal }) => {
  const { documents, logs } = server;
  const kept = journal.documents;
  return {
    server: {
      ...server,
      documents: {
        ...documents,
        get: guarded(documents.get),
        put: guarded(around('put', documents.put)),
        delete: guarded(around('delete', documents.delete)),
      },
      logs: { ...logs, head: guarded(logs.head), append: guarded(around('append', logs.append)) },
    },
    journal: {
      ...journal,
      documents: {
        ...kept,
        put: (key, value, io) =>
          isQueue(key) && value.sent
            ? around('mark', () => kept.put(key, value, io))()
            : kept.put(key, value, io),
        delete: (key, io) =>
          isQueue(key) ? around('removal', () => kept.delete(key, io))() : kept.delete(key, io),
      },
    },
  };
});

const { StoreUnavailableError } = await import('@loci/core');
const example = new StoreUnavailableError('the test took it away');
awayError = Object.fromEntries([
  ...Object.getOwnPropertySymbols(example).map((symbol) => [symbol, example[symbol]]),
  ['code', example.code],
]);

for (let index = 0; index < 4; index++) {
  const found = await store.documents.get(['list']);
  const value = [...(found?.value ?? []), `p${index}`];
  const expect = found ? { version: found.version } : 'absent';
  await store.documents.put(['list'], value, { expect, operationId: `op-${index}` });
  await store.logs.append(['log'], [{ id: `e${index}`, body: index }]);
}
await store.documents.put(['gone'], 1, { expect: 'any', operationId: 'gone' });
await store.documents.delete(['gone'], { expect: 'any' });
say('queued');
await told();
away = false;
await store.flush({ timeoutMs: 5000 });
say('delivered');
await close();
process.exit();
