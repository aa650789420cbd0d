import { randomId } from '@loci/core';
import { createTestClock } from '@loci/testing';
import { expect } from 'vitest';
import { openClient, openStore } from './open-store.js';
import { postgresIt as it, sharedPostgres } from './start-postgres.js';
import { entries, expectCode, put, toArray } from './tools.js';

/** Every test leaves it running. */
const postgres = sharedPostgres();

it('[G10] calls fail while the server is down, and succeed by themselves when it is back', async () => {
  const server = postgres();
  const store = openStore(server);
  expect(store.supports.durability).toBe('disk');
  const first = await put(store, ['k'], 1, 'one');
  await server.kill();
  await expectCode(put(store, ['k'], 2, 'two'), 'STORE_UNAVAILABLE');
  await expectCode(store.documents.get(['k']), 'STORE_UNAVAILABLE');
  await server.restart();
  expect(await put(store, ['k'], 1, 'one')).toEqual({ ...first, replayed: true });
  expect(await put(store, ['k'], 2, 'two')).toMatchObject({ replayed: false });
});

it('[G10] a store that is first used while the server is down works when it is there', async () => {
  const server = postgres();
  await server.kill();
  const store = openStore(server);
  await expectCode(store.documents.get(['k']), 'STORE_UNAVAILABLE');
  await server.restart();
  expect(await store.documents.get(['k'])).toBeUndefined();
});

it('a call that is not answered ends after its time-out; repeated, it is applied once', async () => {
  const server = postgres();
  const schema = randomId();
  const clock = createTestClock();
  const store = openStore(server, { schema, clock, commandTimeoutMs: 5000 });
  await store.logs.append(['l'], entries(1, 1));
  const bare = await openClient(server);
  // A lock on the head is what a hanging writer looks like to others.
  await bare.query('begin');
  await bare.query(`select * from "${schema}".logs for update`);
  const late = expectCode(store.logs.append(['l'], entries(2, 2)), 'STORE_UNAVAILABLE');
  const stopped = store.documents.get(['k'], { signal: AbortSignal.abort(new Error('enough')) });
  await expect(stopped).rejects.toThrow('enough');
  await clock.advance(4999);
  await clock.advance(1);
  await late;
  await bare.query('rollback');
  expect(await store.logs.append(['l'], entries(2, 2))).toMatchObject({ firstSeq: 2, lastSeq: 2 });
  expect(await toArray(store.logs.read(['l']))).toHaveLength(2);
});

it('`close` waits no longer than it may, and names the write that was not answered', async () => {
  const server = postgres();
  const schema = randomId();
  const clock = createTestClock();
  const store = openStore(server, { schema, clock });
  await put(store, ['k'], 1, 'op');
  const bare = await openClient(server);
  await bare.query('begin');
  await bare.query(`select * from "${schema}".documents for update`);
  const rejected = expectCode(put(store, ['k'], 1, 'unanswered'), 'STORE_CLOSED');
  const closed = store.close({ timeoutMs: 500 });
  await expectCode(store.documents.get(['k']), 'STORE_CLOSED');
  await clock.advance(500);
  expect((await closed).unsaved).toMatchObject([{ key: ['k'], operationId: 'unanswered' }]);
  await rejected;
});

it('`close` does not wait for a server that has stopped answering', async () => {
  const server = postgres();
  const clock = createTestClock();
  const store = openStore(server, { clock });
  await put(store, ['k'], 1, 'op');
  server.signal('SIGSTOP');
  const closed = store.close();
  await clock.advance(10_000);
  expect(await closed).toEqual({ unsaved: [] });
  server.signal('SIGCONT');
});

it('[G10] what other transactions make fail is run again, under every isolation level', async () => {
  const options = 'options=-c%20default_transaction_isolation%3Dserializable';
  const store = openStore(postgres(), { url: `${postgres().url}?${options}` });
  await store.logs.append(['l'], entries(1, 1));
  const appends = Array.from({ length: 8 }, async (_, writer) => {
    for (let count = 0; count < 10; count++)
      await store.logs.append(['l'], [{ id: `${writer}-${count}`, body: 1 }]);
  });
  await Promise.all(appends);
  expect((await toArray(store.logs.read(['l']))).map((entry) => entry.seq)).toEqual(
    Array.from({ length: 81 }, (_, index) => index + 1),
  );
});

it('a write that was given up while it waited for a lock is not applied later', async () => {
  const schema = randomId();
  const store = openStore(postgres(), { schema, commandTimeoutMs: 500 });
  await put(store, ['k'], 1, 'op');
  const bare = await openClient(postgres());
  await bare.query('begin');
  await bare.query(`select * from "${schema}".documents for update`);
  await expectCode(put(store, ['k'], 2, 'late'), 'STORE_UNAVAILABLE');
  const writing = async () =>
    (await bare.query("select 1 from pg_stat_activity where wait_event_type = 'Lock'")).rowCount;
  await expect.poll(writing).toBe(0);
  await bare.query('rollback');
  expect((await store.documents.get(['k']))?.value).toBe(1);
});
