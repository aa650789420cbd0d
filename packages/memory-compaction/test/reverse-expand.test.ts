import { createMemoryStore, openThread, type Store } from '@loci/core';
import { describe, expect, it } from 'vitest';
import { expand } from '../src/reverse/expand.js';
import { chat, clearResults, messageEntry, summarise, toolChat, turnEntries, turnMark } from './threads.js';

const key = ['thread'];

/** Three generations over five turns, of which `late` was completed after `b`, which began later. */
async function prepared(store: Store = createMemoryStore()) {
  const thread = openThread({ store, key });
  await thread.append(turnEntries('a', toolChat('a', 'Who?', { name: 'Rex' })));
  const late = turnEntries('late', chat('late', 'Slow?'));
  await thread.append(late.slice(0, 2));
  await thread.append(turnEntries('b', chat('b', 'Quick?')));
  await thread.append(late.slice(2));
  const { messages: originals } = await thread.view();
  await summarise(thread, { id: 'one', cover: 4 });
  await clearResults(thread, 'cleared');
  await summarise(thread, { id: 'two', cover: 3 });
  await thread.append(turnEntries('c', chat('c', 'More?')));
  await summarise(thread, { id: 'three', cover: 2 });
  return { store, thread, originals };
}

const ids = (messages: readonly { readonly id: string }[]) => messages.map(({ id }) => id);

describe('expand', () => {
  it('[D8] gives exactly the originals that the pass covered, in the order of the view', async () => {
    const { thread, originals } = await prepared();
    expect(ids(originals)).toEqual(['a.0', 'a.1', 'a.2', 'a.3', 'b.0', 'b.1', 'late.0', 'late.1']);
    expect(JSON.stringify(await expand(thread, 'one'))).toBe(JSON.stringify(originals.slice(0, 4)));
    expect(JSON.stringify(await expand(thread, 'two'))).toBe(JSON.stringify(originals.slice(4, 7)));
    expect(ids(await expand(thread, 'three'))).toEqual(['late.1', 'c.0']);
    expect(await expand(thread, 'cleared')).toEqual([]);
  });

  it('[D8] gives everything back to the first one with `all`', async () => {
    const { thread, originals } = await prepared();
    const all = await expand(thread, 'three', { scope: 'all' });
    expect(JSON.stringify(all.slice(0, 8))).toBe(JSON.stringify(originals));
    expect(ids(all)).toEqual([...ids(originals), 'c.0']);
    expect(ids(await expand(thread, 'two', { scope: 'all' }))).toEqual(ids(originals).slice(0, 7));
  });

  it('[D8] gives the originals of a compaction that was undone or cleared', async () => {
    const { thread } = await prepared();
    await thread.clear();
    await thread.revert('one');
    expect(ids(await expand(thread, 'one'))).toEqual(['a.0', 'a.1', 'a.2', 'a.3']);
  });

  it('[D8] gives what a redaction leaves, also while it is marked and not yet carried out', async () => {
    const { store } = await prepared();
    const rewrite = () => Promise.reject(new Error('killed'));
    const broken = openThread({ store: { ...store, logs: { ...store.logs, rewrite } }, key });
    // A message that no summary covers yet: the summary made afterwards saw what the redaction leaves.
    await broken.append(turnEntries('d', toolChat('d', 'Secret?', 'swordfish')));
    await expect(broken.redact(['d.0', 'd.2'])).rejects.toThrow('killed');
    const thread = openThread({ store, key });
    const { messages } = await thread.view();
    await summarise(thread, { id: 'four', cover: messages.length });
    const given = await expand(thread, 'four');
    expect(ids(given)).toEqual(['c.1', 'd.1', 'd.2', 'd.3']);
    expect(JSON.stringify(given)).not.toContain('swordfish');
    expect(given).toEqual(messages);
    await broken.redact(['d.3']).catch(() => undefined);
    await expect(expand(thread, 'four')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(ids(await expand(thread, 'three', { scope: 'all' }))).toHaveLength(9);
    await broken.redact(['two']).catch(() => undefined);
    expect(ids(await expand(thread, 'three', { scope: 'all' }))).toEqual(['late.1', 'c.0']);
  });

  it('[D8] gives the messages of the turn under way, which a compaction inside it covered', async () => {
    const { thread } = await prepared();
    const messages = toolChat('open', 'Long?', 'found');
    const begin = turnEntries('open', messages).slice(0, 1);
    await thread.append([...begin, ...messages.map((message) => messageEntry('open', message))]);
    await summarise(thread, { id: 'inside', cover: 4, turnId: 'open' });
    expect(await expand(thread, 'inside')).toEqual([chat('c', 'More?')[1], ...messages.slice(0, 3)]);
    await thread.append([turnMark('open', { state: 'completed' })]);
    expect(await expand(thread, 'inside')).toHaveLength(4);
  });

  it('[D8] refuses an id that names no compaction, and stops when it is told to', async () => {
    const { thread } = await prepared();
    await expect(expand(thread, 'a.0')).rejects.toMatchObject({ code: 'INVALID_INPUT', path: 'summaryId' });
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await expect(expand(thread, 'one', { signal })).rejects.toBe(reason);
  });
});
