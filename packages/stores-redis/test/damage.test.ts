import { randomId } from '@loci/core';
import { expect } from 'vitest';
import { openClient, openStore } from './open-store.js';
import { redisIt as it, sharedRedis } from './start-redis.js';
import { entries, expectCode, keysOf, put } from './tools.js';

const redis = sharedRedis();
const secret = 'SECRET-4711';

/** A store with two documents and two logs, and a bare client to damage the first of each. */
async function prepared() {
  const prefix = randomId();
  const store = openStore(redis(), { prefix });
  await put(store, ['d'], secret, 'op');
  await put(store, ['other'], 1, 'op');
  await store.logs.append(['l'], [...entries(1, 4), { id: 'e5', body: secret }]);
  await store.logs.append(['other'], entries(1, 1));
  const bare = await openClient(redis());
  return { store, bare, document: `{${prefix}}:d:d/`, log: `{${prefix}}:l:l/`, index: `{${prefix}}:d` };
}

async function expectDamage(work: Promise<unknown>, key: readonly string[], seq?: number): Promise<void> {
  const error = await work.catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'DAMAGED_RECORD', key, seq });
  expect(String(error)).not.toContain(secret);
}

it('[A8] a document that is not JSON is reported by name; it can be replaced, and others be read', async () => {
  const { store, bare, document } = await prepared();
  await bare.hSet(document, 'value', `{"text":"${secret}`);
  await expectDamage(store.documents.get(['d']), ['d']);
  expect((await store.documents.get(['other']))?.value).toBe(1);
  expect(await keysOf(store.documents.list([]))).toHaveLength(2);
  await put(store, ['d'], 'anew', 'op-2');
  expect((await store.documents.get(['d']))?.value).toBe('anew');
});

it('a document whose version, expiry or operation ids are damaged is not written over, but can be deleted', async () => {
  for (const [field, value] of [
    ['count', 'many'],
    ['count', '1.5'],
    ['count', '9'],
    ['expires', 'soon'],
    ['epoch', undefined],
    ['o1', undefined],
  ] as const) {
    const { store, bare, document } = await prepared();
    if (value === undefined) await bare.hDel(document, field);
    else await bare.hSet(document, field, value);
    await expectDamage(put(store, ['d'], 2, 'op-2'), ['d']);
    expect(await bare.hGet(document, 'value')).toBe(JSON.stringify(secret));
    expect(await store.documents.delete(['d'], { expect: 'any' })).toBe(true);
    await put(store, ['d'], 3, 'op-3');
    expect((await store.documents.get(['d']))?.value).toBe(3);
  }
});

it('a record of another type is reported by every operation on it, and can be deleted', async () => {
  const { store, bare, document, log } = await prepared();
  for (const name of [document, log]) {
    await bare.del(name);
    await bare.set(name, secret);
  }
  const version = (await store.documents.get(['other']))?.version;
  if (!version) throw new Error('the other document is not there');
  await expectDamage(store.documents.get(['d']), ['d']);
  await expectDamage(put(store, ['d'], 2, 'op-2'), ['d']);
  await expectDamage(store.documents.delete(['d'], { expect: { version } }), ['d']);
  await expectDamage(keysOf(store.documents.list([])), ['d']);
  await expectDamage(store.logs.head(['l']), ['l']);
  await expectDamage(store.logs.append(['l'], entries(6, 6)), ['l']);
  await expectDamage(store.logs.rewrite(['l'], [{ id: 'e1', revision: 0, body: 1 }]), ['l']);
  await expectDamage(keysOf(store.logs.list([])), ['l']);
  expect(await store.documents.delete(['d'], { expect: 'any' })).toBe(true);
  expect(await store.logs.delete(['l'])).toBe(true);
  expect(await keysOf(store.documents.list([]))).toEqual([['other']]);
});

it('[A8] an entry that is damaged or missing is reported by its seq, and those before it can be read', async () => {
  for (const value of [
    undefined,
    secret,
    `1 0 7\n1`,
    `x 0 "e3"\n1`,
    `1 y "e3"\n1`,
    `1 0 "e3"\n{"${secret}`,
  ]) {
    const { store, bare, log } = await prepared();
    if (value === undefined) await bare.hDel(log, 'e:3');
    else await bare.hSet(log, 'e:3', value);
    for (const reverse of [false, true]) {
      const seen: number[] = [];
      const read = async () => {
        for await (const entry of store.logs.read(['l'], { reverse })) seen.push(entry.seq);
      };
      await expectDamage(read(), ['l'], 3);
      expect(seen).toEqual(reverse ? [5, 4] : [1, 2]);
    }
    expect((await store.logs.head(['l']))?.seq).toBe(5);
  }
});

it('a head that does not fit the entries refuses an append and loses none of them', async () => {
  const { store, bare, log } = await prepared();
  await bare.hSet(log, 'count', '4');
  await expectDamage(store.logs.append(['l'], entries(6, 6)), ['l']);
  expect(await bare.hGet(log, 'e:5')).toContain(secret);
  await bare.hSet(log, { count: '5', 'i:e2': 'two' });
  await expectDamage(store.logs.append(['l'], entries(2, 2)), ['l']);
  await bare.hSet(log, 'e:1', secret);
  await expectDamage(store.logs.rewrite(['l'], [{ id: 'e1', revision: 0, body: 1 }]), ['l'], 1);
});

it('a foreign key in the index and an index of another type are typed, and nothing is half written', async () => {
  const { store, bare, document, index } = await prepared();
  await bare.zAdd(index, { score: 0, value: 'no key' });
  await expectDamage(keysOf(store.documents.list([])), ['no key']);
  await bare.del(index);
  await bare.set(index, 'taken');
  await expectDamage(put(store, ['d'], 2, 'op-2'), ['d']);
  expect(await bare.hGet(document, 'count')).toBe('1');
});

it('a user who may not publish, and a server that is full, write nothing', async () => {
  const { store, bare, document } = await prepared();
  await bare.sendCommand(['CONFIG', 'SET', 'maxmemory', '1']);
  try {
    await expectCode(put(store, ['d'], 2, 'op-2'), 'STORE_UNAVAILABLE');
    expect((await store.documents.get(['d']))?.value).toBe(secret);
  } finally {
    await bare.sendCommand(['CONFIG', 'SET', 'maxmemory', '0']);
  }
  const prefix = document.slice(1, document.indexOf('}'));
  await bare.sendCommand(['ACL', 'SETUSER', 'mute', 'on', '>word', '~*', '+@all', 'resetchannels']);
  const mute = openStore(redis(), { prefix, username: 'mute', password: 'word' });
  await expectCode(put(mute, ['d'], 2, 'op-2'), 'STORE_UNAVAILABLE');
  expect((await mute.documents.get(['d']))?.value).toBe(secret);
});
