import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { randomId } from '@loci/core';
import { createRedisStore } from '@loci/stores-redis';
import { createSqliteStore } from '@loci/stores-sqlite';
import { expect, onTestFinished } from 'vitest';
import { offline } from '../src/index.js';
import { startChild } from './start-child.js';
import { sharedRedis } from './start-redis.js';
import { temporaryFile } from './temporary-file.js';
import { idsOf, toArray, valueAt } from './tools.js';

const { it, server } = sharedRedis();
const names = ['one', 'two', 'three', 'four'];
const expected = names.flatMap((name) => Array.from({ length: 20 }, (_, index) => `${name}-${index}`)).sort();
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function openServer(prefix: string) {
  const store = createRedisStore({ url: server().url, prefix });
  onTestFinished(() => void store.close({ timeoutMs: 0 }));
  return store;
}

/** Four processes with a journal each; `meanwhile` runs when all of them work. */
async function runFour(
  prefix: string,
  task: string,
  meanwhile: () => Promise<void>,
  afterwards: () => Promise<void> = async () => {},
): Promise<number> {
  const children = names.map((name) => {
    const setup = { url: server().url, prefix, path: temporaryFile() };
    return startChild('worker.mjs', JSON.stringify(setup), task, name, '20', '60');
  });
  for (const child of children) expect(await child.line()).toBe('ready');
  for (const child of children) child.tell('go');
  for (const child of children) expect(await child.line()).toMatch(/-0$/);
  await meanwhile();
  let slowest = 0;
  for (const child of children) {
    for (let line = await child.line(); ; line = await child.line()) {
      if (line === undefined) throw new Error('a process ended too early');
      if (!line.startsWith('slowest ')) continue;
      slowest = Math.max(slowest, Number(line.split(' ')[1]));
      break;
    }
  }
  await afterwards();
  for (const child of children) child.tell('flush');
  for (const child of children) expect(await child.line()).toBe('unsaved 0');
  return slowest;
}

async function stopAndStart(): Promise<void> {
  await server().kill();
  await pause(250);
  await server().restart();
}

it('[G3] [G4] 4 processes × 20 changes of one memory are 80, while the server is stopped and started twice', async () => {
  const prefix = randomId();
  await runFour(prefix, 'update', async () => {
    await stopAndStart();
    await pause(200);
    await stopAndStart();
  });
  const stored = (await valueAt(openServer(prefix), ['bot'])) as { value: { messages: string[] } };
  expect([...stored.value.messages].sort()).toEqual(expected);
});

it('[G3] [G4] 4 processes × 20 appends to one log are 80, while the server is stopped and started twice', async () => {
  const prefix = randomId();
  await runFour(prefix, 'append', async () => {
    await stopAndStart();
    await pause(200);
    await stopAndStart();
  });
  const store = openServer(prefix);
  expect((await idsOf(store, ['log'])).sort()).toEqual(expected);
  expect((await toArray(store.logs.read(['log']))).map(({ seq }) => seq)).toEqual(
    expected.map((_, index) => index + 1),
  );
});

it('[G3] [G4] with the server stopped for the whole run every call answers within its deadline, and 80 are delivered then', async () => {
  const prefix = randomId();
  await server().kill();
  const slowest = await runFour(
    prefix,
    'update',
    async () => {},
    () => server().restart(),
  );
  // The deadline of 1,000 ms, and what a busy machine makes of a timer; `deadline.test.ts` is exact.
  expect(slowest).toBeLessThan(2000);
  const stored = (await valueAt(openServer(prefix), ['bot'])) as { value: { messages: string[] } };
  expect([...stored.value.messages].sort()).toEqual(expected);
});

it('[G4] a process that is closed while the server is away keeps its bound, and the next one delivers', async () => {
  const prefix = randomId();
  const setup = JSON.stringify({ url: server().url, prefix, path: temporaryFile() });
  await server().kill();
  const first = startChild('worker.mjs', setup, 'append', 'one', '5', '0');
  first.tell('go');
  for (let line = await first.line(); !line?.startsWith('slowest'); line = await first.line())
    expect(line).toBeDefined();
  const start = performance.now();
  first.tell('close');
  expect(await first.line()).toBe('unsaved 5');
  expect(performance.now() - start).toBeLessThan(2500);
  await first.ended;
  await server().restart();
  const next = startChild('worker.mjs', setup, 'append', 'two', '1', '0');
  next.tell('go');
  next.tell('flush');
  expect((await next.rest()).at(-1)).toBe('unsaved 0');
  expect(await idsOf(openServer(prefix), ['log'])).toEqual([
    'one-0',
    'one-1',
    'one-2',
    'one-3',
    'one-4',
    'two-0',
  ]);
});

it('[G5] a process that opens one conversation loads nothing of another one, here or from the server', async () => {
  const prefix = randomId();
  const other = openServer(prefix);
  await other.logs.append(['conversation', 'A'], [{ id: 'secret', body: 'CANARY' }]);
  await other.documents.put(['conversation', 'A'], 'CANARY', { expect: 'any', operationId: 'op' });
  await other.logs.append(['conversation', 'B'], [{ id: 'b', body: 'hello' }]);
  const monitor = connect(server().port, '127.0.0.1');
  onTestFinished(() => void monitor.destroy());
  const commands: string[] = [];
  createInterface({ input: monitor }).on('line', (line) => commands.push(line));
  monitor.write('MONITOR\r\n');
  await expect.poll(() => commands).toEqual(['+OK']);
  const journal = createSqliteStore({ path: temporaryFile() });
  const mine = createRedisStore({ url: server().url, prefix });
  const store = offline(mine, { journal });
  expect(await idsOf(store, ['conversation', 'B'])).toEqual(['b']);
  await store.documents.get(['conversation', 'B']);
  await store.logs.append(['conversation', 'B'], [{ id: 'b2', body: 'again' }]);
  await store.close();
  await mine.close();
  const held: unknown[] = [];
  for await (const { key } of journal.documents.list([]))
    held.push(key, (await journal.documents.get(key))?.value);
  expect(JSON.stringify(held)).toContain('again');
  expect(JSON.stringify(held)).not.toContain('CANARY');
  expect(JSON.stringify(held)).not.toMatch(/conversation\/A|"A"/);
  await expect
    .poll(() => commands.filter((line) => line.includes('conversation/B')).length)
    .toBeGreaterThan(2);
  // The sweep asks the list of what has expired, and has no other way to find it.
  const asked = commands.filter((line) => !line.includes(':expiries"'));
  expect(asked.filter((line) => /conversation\/A|\] "(KEYS|SCAN|ZRANGE)/i.test(line))).toEqual([]);
  await journal.close();
});
