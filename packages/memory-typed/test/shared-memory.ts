import { messageText, randomId } from '@loci/core';
import { expect } from 'vitest';
import { z } from 'zod';
import { openConversation, openMemory } from '../src/index.js';
import type { Backend } from './backends.js';
import { openV1, openV3, profileKey } from './profiles.js';

const counter = {
  schema: z.object({ total: z.number(), by: z.record(z.string(), z.number()) }),
  initial: { total: 0, by: {} },
  key: ['counter'],
};
const eight = Array.from({ length: 8 }, (_, index) => `writer ${index}`);

/** What is promised of a memory that several processes share, on any store. */
export function sharedMemoryCases({ it, create }: Backend): void {
  it('[A2] [G3] eight processes with 50 updates each count to 400, and none of them starves', async () => {
    const shared = create();
    const results = await shared.run('increment', eight, 50);
    const { total, by } = await openMemory({ ...counter, store: shared.store }).get();
    expect(total).toBe(400);
    expect(by).toEqual(Object.fromEntries(eight.map((name) => [name, 50])));
    // They did meet: otherwise this proves nothing.
    expect(results.some(({ conflicts }) => Number(conflicts) > 0)).toBe(true);
    const times = results.map(({ ms }) => ms).sort((a, b) => a - b);
    expect(times.at(-1)).toBeLessThanOrEqual(3 * (times[4] ?? 0));
  });

  it('[G3] four processes with 20 appends each make a list of 80', async () => {
    const shared = create();
    const names = ['a', 'b', 'c', 'd'];
    await shared.run('append', names, 20);
    const list = openMemory({ schema: z.array(z.string()), initial: [], store: shared.store, key: ['list'] });
    const items = await list.get();
    const wanted = names.flatMap((name) => Array.from({ length: 20 }, (_, index) => `${name}-${index}`));
    expect([...items].sort()).toEqual(wanted.sort());
    // Each in its own order.
    for (const name of names) {
      const own = Array.from({ length: 20 }, (_, index) => `${name}-${index}`);
      expect(items.filter((item) => item.startsWith(name))).toEqual(own);
    }
  });

  it('[G3] of two processes that write on the same version exactly one wins', async () => {
    const shared = create();
    await shared.store.documents.put(['record'], 'before', { expect: 'absent', operationId: 'first' });
    const children = await Promise.all(
      ['one', 'two'].map((name) => shared.start('compare-and-set', name, 1)),
    );
    for (const child of children) child.tell('read');
    for (const child of children) expect(await child.line()).toBe('read');
    for (const child of children) child.tell('write');
    const results = await Promise.all(
      children.map(
        async (child) => JSON.parse((await child.line()) ?? '') as { won: boolean; code?: string },
      ),
    );
    expect(results.filter(({ won }) => won)).toHaveLength(1);
    expect(results.find(({ won }) => !won)?.code).toBe('CONFLICT');
    const winner = results[0]?.won ? 'one' : 'two';
    expect((await shared.store.documents.get(['record']))?.value).toBe(winner);
  });

  it('[A9] two processes with 500 updates at once need a few writes and lose none', async () => {
    const shared = create();
    const results = await shared.run('coalesce', ['one', 'two'], 500);
    for (const { writes, changes } of results) {
      expect(changes).toBe(500);
      expect(Number(writes)).toBeLessThan(10);
    }
    expect(await openMemory({ ...counter, store: shared.store }).get()).toEqual({
      total: 1000,
      by: { one: 500, two: 500 },
    });
  });

  it('[G2] push, pop, splice, delete, sort and what is nested are all seen by another process', async () => {
    const shared = create();
    const [result] = await shared.run('nested', ['one'], 1);
    const { ms: _, ...seenByChild } = result ?? { ms: 0 };
    const memory = openMemory({ schema: z.json(), initial: null, store: shared.store, key: ['nested'] });
    const seen = await memory.get();
    expect(seen).toEqual({
      messages: [
        { text: 'first', tags: [] },
        { text: 'a', tags: ['urgent'] },
      ],
      scores: [3, 7, 8, 1],
      context: { topic: { name: 'billing', depth: [1, { x: 2 }] } },
    });
    expect(seenByChild).toEqual(seen);
    const { messages } = seen as { messages: unknown[] };
    expect(() => messages.push('x')).toThrow(TypeError);
    expect(() => messages.pop()).toThrow(TypeError);
    expect(() => Object.assign(seen as object, { more: 1 })).toThrow(TypeError);
    expect(await memory.get()).toEqual(seen);
  });

  it('[G1] any process that opens a conversation sees what others wrote to it', async () => {
    const shared = create();
    const mine = openConversation({ store: shared.store, id: 'conv_123', userId: 'alice' });
    await mine.append([{ role: 'user', content: 'mine' }]);
    await mine.attributes.set({ topic: 'billing' });
    await mine.preferences?.set({ tone: 'casual' });
    const [seen] = await shared.run('converse', ['theirs'], 3);
    expect(seen).toMatchObject({
      texts: ['mine'],
      attributes: { topic: 'billing' },
      preferences: { tone: 'casual' },
      record: { id: 'conv_123', messageCount: 1 },
    });
    await shared.run('converse', ['a', 'b'], 5);
    const texts = (await mine.history()).map(messageText);
    expect(texts.slice(0, 4)).toEqual(['mine', 'theirs 0', 'theirs 1', 'theirs 2']);
    expect(texts).toHaveLength(14);
    const { turns, topic } = await mine.attributes.get();
    expect(topic).toBe('billing');
    expect([...(turns as string[])].sort()).toEqual(texts.slice(1).sort());
    expect((await mine.record()).messageCount).toBe(14);
  });

  it('[A5] an old program in another process refuses what the new one wrote, and overwrites nothing', async () => {
    const shared = create();
    const [before] = await shared.run('old-program', ['old'], 1);
    expect(before?.['codes']).toEqual(['done', 'done', 'done', 'done', 'done']);
    await openV1(shared.store).set({ name: 'Ada Lovelace' });
    await openV3(shared.store).update((draft) => void draft.tags.push('new'));
    const written = await shared.store.documents.get(profileKey);
    const [after] = await shared.run('old-program', ['old'], 1);
    expect(after?.['codes']).toEqual(Array(5).fill('UNKNOWN_VERSION'));
    expect(await shared.store.documents.get(profileKey)).toEqual(written);
    expect(await openV3(shared.store).get()).toEqual({ names: ['Ada', 'Lovelace'], tags: ['new'] });
  });

  it('[A8] a damaged record is refused by name and stays as it is, and everything else loads', async () => {
    const shared = create();
    const schema = z.strictObject({ notes: z.array(z.string()) });
    const open = (id: string) =>
      openMemory({ schema, initial: { notes: [] }, store: shared.store, key: ['notes', id] });
    const ids = ['a', 'b', 'c'];
    for (const id of ids) await open(id).set({ notes: [id] });
    const good = await open('b').exportMemory();
    for (const value of [
      null,
      'canary-7141',
      { ...good, value: { notes: 'canary-7141' } },
      { ...good, schema: 1 },
    ]) {
      await shared.store.documents.put(['notes', 'b'], value, { expect: 'any', operationId: randomId() });
      const planted = await shared.store.documents.get(['notes', 'b']);
      const memory = open('b');
      const push = (draft: { notes: string[] }) => void draft.notes.push('x');
      const calls = [
        () => memory.get(),
        () => memory.set({ notes: [] }),
        () => memory.update(push),
        () => memory.update(push, { coalesceMs: 1 }),
        () => memory.clear(),
        () => memory.exportMemory(),
        () => memory.importMemory(good),
      ];
      for (const call of calls) {
        const error = await call().catch((reason: unknown) => reason);
        expect(error).toMatchObject({ code: 'DAMAGED_RECORD', key: ['notes', 'b'] });
        expect(String(error)).not.toContain('canary-7141');
      }
      expect(await shared.store.documents.get(['notes', 'b'])).toEqual(planted);
      expect(await open('a').get()).toEqual({ notes: ['a'] });
      expect(await open('c').get()).toEqual({ notes: ['c'] });
    }
  });

  it('[G6] a process is told of every state that another one leaves, and of what changed', async () => {
    const shared = create();
    const memory = openMemory({ ...counter, store: shared.store });
    await memory.set({ total: 5, by: {} });
    const child = await shared.start('watch', 'watcher', 7);
    child.tell('go');
    // It watches from when it is subscribed, and what it tells first may hold several steps.
    const heard: { readonly old: number; readonly new: number; readonly patch: unknown }[] = [];
    const listening = (async () => {
      for (let line = await child.line(); line; line = await child.line()) {
        const said = JSON.parse(line);
        if (said.ended) return;
        heard.push(said);
      }
    })();
    await expect
      .poll(
        async () => {
          const nudge = (draft: { by: Record<string, number> }) => {
            draft.by['nudge'] = Math.random();
          };
          if (heard.length === 0) await memory.update(nudge);
          return heard.length;
        },
        { timeout: 10_000, interval: 50 },
      )
      .toBeGreaterThan(0);
    await memory.update((draft) => void draft.total++);
    await expect.poll(() => heard.at(-1)?.new, { timeout: 10_000 }).toBe(6);
    await memory.update((draft) => void draft.total++);
    await listening;
    expect(heard.at(-1)?.new).toBe(7);
    const step = heard.find((change) => change.old === 5 && change.new === 6);
    expect(step?.patch).toContainEqual({ op: 'replace', path: '/total', value: 6 });
  });
}
