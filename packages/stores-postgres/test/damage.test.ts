import { randomId } from '@loci/core';
import { expect } from 'vitest';
import { openClient, openStore } from './open-store.js';
import { postgresIt as it, sharedPostgres } from './start-postgres.js';
import { entries, keysOf, put, toArray } from './tools.js';

const postgres = sharedPostgres({ fsync: 'off' });
const secret = 'SECRET-4711';

/** A store with two documents and two logs, on which these statements were run. */
async function damaged(...statements: readonly string[]) {
  const schema = randomId();
  const store = openStore(postgres(), { schema });
  await put(store, ['d'], secret, 'op');
  await put(store, ['other'], 1, 'op');
  await store.logs.append(['l'], entries(1, 5));
  await store.logs.append(['other'], entries(1, 1));
  const bare = await openClient(postgres());
  await bare.query(`set search_path = "${schema}"`);
  for (const statement of statements) expect((await bare.query(statement)).rowCount).toBe(1);
  return { store, bare };
}

async function expectDamage(work: Promise<unknown>, key: readonly string[], seq?: number): Promise<void> {
  const error = await work.catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'DAMAGED_RECORD', key, seq });
  expect(String(error)).not.toContain(secret);
}

it('a document that is not JSON is reported by name; it can be replaced, and others be read', async () => {
  const { store } = await damaged(`update documents set value = '{"text":"${secret}' where key = 'd/'`);
  await expectDamage(store.documents.get(['d']), ['d']);
  expect((await store.documents.get(['other']))?.value).toBe(1);
  expect(await keysOf(store.documents.list([]))).toHaveLength(2);
  await put(store, ['d'], 'anew', 'op-2');
  expect((await store.documents.get(['d']))?.value).toBe('anew');
});

it('a document whose version or operation ids are damaged is not written over, but can be deleted', async () => {
  for (const change of [
    "operations = '{}'",
    'operations = array[null::text]',
    "operations = '{a,b}'",
    'counter = 0',
    'counter = 7',
  ]) {
    const { store, bare } = await damaged(`update documents set ${change} where key = 'd/'`);
    await expectDamage(put(store, ['d'], 2, 'op-2'), ['d']);
    const { rows } = await bare.query("select value from documents where key = 'd/'");
    expect(rows).toEqual([{ value: JSON.stringify(secret) }]);
    expect(await store.documents.delete(['d'], { expect: 'any' })).toBe(true);
    await put(store, ['d'], 3, 'op-3');
    expect((await store.documents.get(['d']))?.value).toBe(3);
  }
});

it('an entry that is not one is reported by its seq, and those around it can be read', async () => {
  for (const change of [`body = '"${secret}'`, "id = 'e3\\'", 'at = 9223372036854775807']) {
    const { store } = await damaged(`update entries set ${change} where log = 1 and seq = 3`);
    const seen: number[] = [];
    const read = async () => {
      for await (const entry of store.logs.read(['l'])) seen.push(entry.seq);
    };
    await expectDamage(read(), ['l'], 3);
    expect(seen).toEqual([1, 2]);
    const after = await toArray(store.logs.read(['l'], { from: 4 }));
    expect(after.map((entry) => entry.seq)).toEqual([4, 5]);
    expect(await toArray(store.logs.read(['other']))).toHaveLength(1);
  }
});

it('an entry that is missing is reported and never skipped', async () => {
  for (const seq of [1, 3, 5]) {
    const { store } = await damaged(`delete from entries where log = 1 and seq = ${seq}`);
    await expectDamage(toArray(store.logs.read(['l'])), ['l'], seq);
    await expectDamage(toArray(store.logs.read(['l'], { reverse: true })), ['l'], seq);
  }
});

it('a log whose head does not fit its entries is not appended to', async () => {
  const { store, bare } = await damaged("update logs set seq = 3 where key = 'l/'");
  await expectDamage(store.logs.append(['l'], entries(6, 6)), ['l']);
  await bare.query("update logs set seq = -1 where key = 'l/'");
  await expectDamage(store.logs.append(['l'], entries(6, 6)), ['l']);
  expect((await bare.query('select * from entries where log = 1')).rowCount).toBe(5);
  await store.logs.append(['other'], entries(2, 2));
});

it('numbers and keys that this package never writes are reported', async () => {
  const { store } = await damaged(
    "update documents set updated_at = 9223372036854775807 where key = 'd/'",
    "update logs set key = 'not encoded' where key = 'l/'",
  );
  await expectDamage(store.documents.get(['d']), ['d']);
  await expectDamage(toArray(store.documents.list([])), ['d']);
  await expectDamage(toArray(store.logs.list([])), ['not encoded']);
});
