import { createMemoryStore, openThread, type Usage } from '@loci/core';
import { expect, it } from 'vitest';
import { chat, clearResults, summarise, toolChat, turnEntries } from '../../test/threads.js';
import { undo } from '../reverse/undo.js';
import { statistics } from './statistics.js';

const usage = (input: number): Usage => ({ input, cacheRead: 1, cacheWrite: 2, output: 3, reasoning: 0 });
const key = ['thread'];

function prepared() {
  let now = 1000;
  const store = createMemoryStore({ clock: { now: () => now++, after: () => () => {} } });
  const reads = { count: 0 };
  const logs: typeof store.logs = {
    ...store.logs,
    async *read(...given) {
      for await (const entry of store.logs.read(...given)) {
        reads.count++;
        yield entry;
      }
    },
  };
  const rewrite = () => Promise.reject(new Error('killed'));
  return {
    reads,
    thread: openThread({ store: { ...store, logs }, key }),
    /** Dies between the mark and the rewriting. */
    broken: openThread({ store: { ...store, logs: { ...logs, rewrite } }, key }),
  };
}

const nothing = {
  messages: { inView: 0, stored: 0 },
  compactions: 0,
  actions: { clear: 0, summary: 0, digest: 0 },
  undone: 0,
  tokensSaved: 0,
  lastAt: null,
  coverage: 1,
  calls: 0,
  usage: { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 },
  retention: { found: 0, kept: 0 },
};

it('[D12] a thread that was never compacted has figures of nothing', async () => {
  const { thread } = prepared();
  expect(await statistics(thread)).toEqual(nothing);
  await thread.append(turnEntries('a', chat('a', 'Hello')));
  expect(await statistics(thread)).toEqual({ ...nothing, messages: { inView: 2, stored: 2 } });
});

it('[D12] counts what living compactions did, and what all of them cost', async () => {
  const { thread } = prepared();
  for (const id of ['a', 'b', 'c']) await thread.append(turnEntries(id, toolChat(id, 'Who?', 'Rex')));
  await thread.append(turnEntries('x', chat('x', 'lost'), { state: 'failed', reason: 'x' }));
  await clearResults(thread, 'cleared');
  await summarise(thread, {
    id: 'one',
    cover: 4,
    more: {
      calls: 2,
      usage: usage(10),
      tokens: { before: 1000, after: 300 },
      retention: { found: 5, kept: 4 },
      saw: { ids: ['a.0', 'a.1', 'elsewhere'], characters: 9, hash: '', parts: 1 },
    },
  });
  await summarise(thread, {
    id: 'two',
    cover: 4,
    more: {
      calls: 1,
      usage: usage(20),
      tokens: { before: 500, after: 450 },
      retention: { found: 1, kept: 1 },
    },
  });
  const { lastAt, ...figures } = await statistics(thread);
  expect(figures).toEqual({
    messages: { inView: 4, stored: 14 },
    compactions: 3,
    actions: { clear: 1, summary: 2, digest: 0 },
    undone: 0,
    tokensSaved: 750,
    coverage: 6 / 8,
    calls: 3,
    usage: { input: 30, cacheRead: 2, cacheWrite: 4, output: 6, reasoning: 0 },
    retention: { found: 6, kept: 5 },
  });
  await undo(thread, 'one');
  const after = await statistics(thread);
  expect(after).toMatchObject({
    messages: { inView: 12, stored: 14 },
    compactions: 1,
    actions: { clear: 1, summary: 0, digest: 0 },
    undone: 2,
    tokensSaved: 0,
    coverage: 1,
    calls: 3,
    retention: { found: 0, kept: 0 },
  });
  expect(after.lastAt).toBeLessThan(lastAt ?? 0);
});

it('[D12] does not make up a usage that a vendor did not state', async () => {
  const { thread } = prepared();
  for (const id of ['a', 'b']) await thread.append(turnEntries(id, chat(id, 'Hello')));
  await summarise(thread, { id: 'one', cover: 1, more: { calls: 1, usage: usage(10) } });
  await summarise(thread, { id: 'free', cover: 1, more: { action: 'digest', saw: null } });
  expect((await statistics(thread)).usage).toEqual(usage(10));
  await summarise(thread, { id: 'two', cover: 1, more: { calls: 1, usage: null } });
  expect(await statistics(thread)).toMatchObject({ usage: null, calls: 2, actions: { digest: 1 } });
});

it('[D12] takes clears, redactions and turns that failed into account', async () => {
  const { thread, broken } = prepared();
  for (const id of ['a', 'b', 'c']) await thread.append(turnEntries(id, chat(id, 'Hello')));
  await thread.append(turnEntries('t', chat('t', 'Long?')).slice(0, -1));
  await summarise(thread, { id: 'inside', cover: 7, turnId: 't' });
  expect((await statistics(thread)).compactions).toBe(1);
  await thread.append(turnEntries('t', [], { state: 'failed', reason: 'x' }).slice(1));
  await summarise(thread, { id: 'outside', cover: 2 });
  expect(await statistics(thread)).toMatchObject({ compactions: 1, messages: { inView: 4, stored: 8 } });
  await broken.redact(['a.0']).catch(() => undefined);
  const left = { compactions: 0, undone: 0, messages: { inView: 5, stored: 7 } };
  expect(await statistics(thread)).toMatchObject(left);
  await thread.redact([]);
  expect(await statistics(thread)).toMatchObject(left);
  await thread.clear();
  expect((await statistics(thread)).messages).toEqual({ inView: 0, stored: 7 });
});

it('[D12] costs what was appended since the last call', async () => {
  const { thread, reads } = prepared();
  for (let turn = 0; turn < 200; turn++)
    await thread.append(turnEntries(`t${turn}`, chat(`t${turn}`, 'Hello')));
  await summarise(thread, { id: 'one', cover: 100 });
  await statistics(thread);
  reads.count = 0;
  await thread.append(turnEntries('new', chat('new', 'Hello')));
  await statistics(thread);
  // Once by the fold and once by the view.
  expect(reads.count).toBe(8);
});
