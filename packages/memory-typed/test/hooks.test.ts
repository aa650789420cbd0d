import type { Store } from '@loci/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type MemoryChange, type MemoryEvent, openMemory, replaceWith } from '../src/index.js';
import { stores } from './stores.js';

const key = ['memory'];
const schema = z.object({ items: z.array(z.string().trim()), count: z.number() });
const initial = { items: [] as string[], count: 0 };
const open = (store: Store, onEvent?: (event: MemoryEvent) => void) =>
  openMemory({ schema, initial, store, key, ...(onEvent ? { onEvent } : {}) });
const memoryStore = () => stores[0]?.[1]() as Store;

describe.each(stores)('on %s', (_, createStore) => {
  it('[A3] hooks are called after every change, in order, with old value, new value and patch', async () => {
    const store = createStore();
    const memory = open(store);
    const calls: [string, unknown][] = [];
    memory.onChange((change) => calls.push(['first', change]));
    memory.onChange((change) => calls.push(['second', change.new.count]));
    await Promise.all([
      memory.update((draft) => void draft.items.push('a')),
      memory.update((draft) => void draft.count++),
      memory.set({ items: [], count: 7 }),
    ]);
    const [zero, one, two] = [initial, { items: ['a'], count: 0 }, { items: ['a'], count: 1 }];
    const seven = { items: [], count: 7 };
    expect(calls).toEqual([
      ['first', { old: zero, new: one, patch: [{ op: 'add', path: '/items/0', value: 'a' }] }],
      ['second', 0],
      ['first', { old: one, new: two, patch: [{ op: 'replace', path: '/count', value: 1 }] }],
      ['second', 1],
      ['first', { old: two, new: seven, patch: [{ op: 'replace', path: '', value: seven }] }],
      ['second', 7],
    ]);
  });

  it('[A3] a throwing hook never breaks the update or the other hooks, and is reported', async () => {
    const store = createStore();
    const events: MemoryEvent[] = [];
    const memory = open(store, (event) => events.push(event));
    const errors = [new Error('sync'), new Error('async')];
    const heard: number[] = [];
    memory.onChange(() => {
      throw errors[0];
    });
    memory.onChange(async () => Promise.reject(errors[1]));
    memory.onChange((change) => heard.push(change.new.count));
    expect(await memory.update((draft) => void draft.count++)).toEqual({ items: [], count: 1 });
    await memory.update((draft) => void draft.count++);
    await memory.flush();
    expect(heard).toEqual([1, 2]);
    const failed = events.filter((event) => event.type === 'hook-failed');
    expect(failed).toEqual([0, 1, 0, 1].map((index) => ({ type: 'hook-failed', key, error: errors[index] })));
    expect(await open(store).get()).toEqual({ items: [], count: 2 });
  });

  it('[A3] when a hook is called the change is already stored', async () => {
    const store = createStore();
    const memory = open(store);
    const other = open(store);
    const stored: number[] = [];
    memory.onChange(async () => void stored.push((await other.get()).count));
    await memory.update((draft) => void draft.count++);
    await memory.flush();
    expect(stored).toEqual([1]);
  });
});

it('[A3] what hooks are given is frozen all the way down', async () => {
  const memory = open(memoryStore());
  const changes: MemoryChange<z.infer<typeof schema>>[] = [];
  memory.onChange((change) => changes.push(change));
  await memory.update((draft) => {
    draft.items = ['a'];
  });
  const [change] = changes;
  const [step] = change?.patch ?? [];
  const parts = [change, change?.old, change?.new, change?.new.items, change?.patch, step];
  for (const part of parts) expect(Object.isFrozen(part)).toBe(true);
  expect(step).toEqual({ op: 'replace', path: '/items', value: ['a'] });
  expect(Object.isFrozen(step?.op === 'replace' && step.value)).toBe(true);
});

it('[A3] hooks are not called for what was refused, thrown or no change', async () => {
  const memory = open(memoryStore());
  let calls = 0;
  memory.onChange(() => calls++);
  await expect(memory.set({ items: [1 as never], count: 0 })).rejects.toThrow();
  await expect(memory.update(() => Promise.reject(new Error('no')))).rejects.toThrow();
  await memory.update(() => {});
  await memory.set(initial);
  await memory.importMemory(await memory.exportMemory());
  expect(calls).toBe(0);
});

it('[A3] the patch is the whole value where the schema changed what the recipe left, or it was replaced', async () => {
  const memory = open(memoryStore());
  const patches: unknown[] = [];
  memory.onChange(({ patch }) => patches.push(patch));
  await memory.update((draft) => draft.items.push(' padded '));
  await memory.update((draft) => replaceWith({ ...draft, count: 1 }));
  expect(patches).toEqual([
    [{ op: 'replace', path: '', value: { items: ['padded'], count: 0 } }],
    [{ op: 'replace', path: '', value: { items: ['padded'], count: 1 } }],
  ]);
});

it('[A3] an unsubscribed hook is not called any more, the same function registered twice is two hooks', async () => {
  const memory = open(memoryStore());
  let calls = 0;
  const hook = () => calls++;
  const stops = [memory.onChange(hook), memory.onChange(hook)];
  await memory.update((draft) => void draft.count++);
  expect(calls).toBe(2);
  stops[0]?.();
  stops[0]?.();
  await memory.update((draft) => void draft.count++);
  expect(calls).toBe(3);
  stops[1]?.();
  await memory.update((draft) => void draft.count++);
  expect(calls).toBe(3);
});

it('[A3] updates do not wait for async hooks; flush does, and hooks stay in order', async () => {
  const memory = open(memoryStore());
  const heard: string[] = [];
  let finish = () => {};
  memory.onChange(async ({ new: { count } }) => {
    heard.push(`begin ${count}`);
    if (count === 1) {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
    }
    heard.push(`end ${count}`);
  });
  memory.onChange(({ new: { count } }) => heard.push(`then ${count}`));
  await memory.update((draft) => void draft.count++);
  await memory.update((draft) => void draft.count++);
  expect(heard).toEqual(['begin 1']);
  finish();
  await memory.flush();
  expect(heard).toEqual(['begin 1', 'end 1', 'then 1', 'begin 2', 'end 2', 'then 2']);
});

it('[A3] plain hooks have run when an update resolves', async () => {
  const memory = open(memoryStore());
  let heard = 0;
  memory.onChange(() => heard++);
  await memory.update((draft) => void draft.count++);
  expect(heard).toBe(1);
  await memory.set({ items: [], count: 5 });
  expect(heard).toBe(2);
});

it('[A3] a hook may change the memory and await that; flush waits for what comes of it', async () => {
  const memory = open(memoryStore());
  const heard: number[] = [];
  memory.onChange(async ({ new: { count } }) => {
    heard.push(count);
    if (count < 3) await memory.update((draft) => void draft.count++);
  });
  void memory.update((draft) => void draft.count++);
  await memory.flush();
  expect(heard).toEqual([1, 2, 3]);
  expect((await memory.get()).count).toBe(3);
});

it('[A3] a listener that throws breaks nothing', async () => {
  const memory = open(memoryStore(), () => {
    throw new Error('listener');
  });
  memory.onChange(() => {
    throw new Error('hook');
  });
  expect((await memory.update((draft) => void draft.count++)).count).toBe(1);
});
