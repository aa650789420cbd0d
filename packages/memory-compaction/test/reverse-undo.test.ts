import { createMemoryStore, openThread, type Store, StoreUnavailableError, type Thread } from '@loci/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { before } from '../src/reverse/before.js';
import { undo } from '../src/reverse/undo.js';
import { chat, clearResults, shown, summarise, toolChat, turnEntries, turnMark } from './threads.js';

const key = ['thread'];
const open = (store: Store = createMemoryStore()) => openThread({ store, key });

async function talk(thread: Thread, ...turnIds: string[]): Promise<void> {
  for (const turnId of turnIds) await thread.append(turnEntries(turnId, toolChat(turnId, 'Who?', 'Rex')));
}

describe('undo', () => {
  it('[D8] brings back exactly the view before a compaction, with the turns that came since', async () => {
    const step = fc.record({ what: fc.nat(9), pick: fc.nat(50), pinned: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (script) => {
        const thread = open();
        let compactions: { readonly id: string; readonly seq: number; isUndone: boolean }[] = [];
        for (const [index, { what, pick, pinned }] of script.entries()) {
          const id = `e${index}`;
          const { messages, seq } = await thread.view();
          if (what < 4) {
            const [question, ...rest] = what < 2 ? chat(id, 'Why?') : toolChat(id, 'Who?', 'Rex');
            if (question) await thread.append(turnEntries(id, [{ ...question, pinned }, ...rest]));
          } else if (what < 7 && messages.length > 0) {
            if (what === 6) await clearResults(thread, id);
            else await summarise(thread, { id, cover: 1 + (pick % messages.length) });
            compactions.push({ id, seq, isUndone: false });
          } else if (what === 7 && pick % 3 === 0) {
            await thread.clear();
            // What is under a clear stays there, so undoing it shows nothing.
            compactions = compactions.map((one) => ({ ...one, isUndone: true }));
          } else if (what > 7 && compactions.length > 0) {
            const chosen = pick % compactions.length;
            const { id: target, seq: then, isUndone } = compactions[chosen] as (typeof compactions)[number];
            const wanted = shown(await (isUndone ? thread : thread.at(then)).view());
            const since: (typeof wanted.messages)[number][] = [];
            if (!isUndone)
              for await (const entry of thread.entries({ from: then + 1 }))
                if (entry.kind === 'message') since.push(entry.data);
            const pins = since.filter((message) => message.pinned).map((message) => message.id);
            await undo(thread, target);
            expect(shown(await thread.view())).toEqual({
              ...wanted,
              messages: [...wanted.messages, ...since],
              pinned: [...wanted.pinned, ...pins].sort(),
            });
            if (!isUndone) for (const later of compactions.slice(chosen)) later.isUndone = true;
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('[D8] ends every later compaction with it, newest first, in one append, and a repeat changes nothing', async () => {
    const thread = open();
    await talk(thread, 'a', 'b', 'c');
    await summarise(thread, { id: 'one', cover: 4 });
    await clearResults(thread, 'two');
    await talk(thread, 'd');
    await summarise(thread, { id: 'three', cover: 4 });
    const { seq } = await thread.view();
    expect(await undo(thread, 'two')).toEqual(['three', 'two']);
    expect((await thread.view()).shape).toBe('one');
    expect((await thread.view()).seq).toBe(seq + 2);
    expect(await undo(thread, 'two')).toEqual(['three', 'two']);
    expect(await undo(thread, 'one')).toEqual(['one']);
    expect((await thread.view()).seq).toBe(seq + 3);
    expect((await thread.view()).messages).toHaveLength(16);
  });

  it('[D8] leaves alone what was compacted again afterwards, which can be undone, too', async () => {
    const thread = open();
    await talk(thread, 'a', 'b');
    await summarise(thread, { id: 'one', cover: 4 });
    await undo(thread, 'one');
    await summarise(thread, { id: 'two', cover: 4 });
    expect(await undo(thread, 'one')).toEqual(['one']);
    expect((await thread.view()).shape).toBe('two');
    expect(await undo(thread, 'two')).toEqual(['two']);
    expect((await thread.view()).messages).toHaveLength(8);
  });

  it('[D8] ends what went on from a compaction that was reverted alone', async () => {
    const thread = open();
    await talk(thread, 'a', 'b');
    await summarise(thread, { id: 'one', cover: 4 });
    await summarise(thread, { id: 'two', cover: 1 });
    await thread.revert('one');
    expect((await thread.view()).shape).toBe('two');
    expect(await undo(thread, 'one')).toEqual(['two']);
    expect((await thread.view()).messages).toHaveLength(8);
  });

  it('[D8] is recognised when it is repeated after a lost answer', async () => {
    const store = createMemoryStore();
    let lost = false;
    const append: Store['logs']['append'] = async (...given) => {
      const receipt = await store.logs.append(...given);
      if (lost) throw new StoreUnavailableError('the answer was lost');
      return receipt;
    };
    const thread = open({ ...store, logs: { ...store.logs, append } });
    await talk(thread, 'a');
    await summarise(thread, { id: 'one', cover: 4 });
    lost = true;
    await expect(undo(thread, 'one')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    lost = false;
    const { seq } = await thread.view();
    expect(await undo(thread, 'one')).toEqual(['one']);
    expect((await thread.view()).seq).toBe(seq);
  });

  it('[D9] two at the same time end as one, whichever compactions they name', async () => {
    const store = createMemoryStore();
    const thread = open(store);
    await talk(thread, 'a', 'b');
    await summarise(thread, { id: 'one', cover: 4 });
    await summarise(thread, { id: 'two', cover: 1 });
    await Promise.all([undo(thread, 'one'), undo(open(store), 'one'), undo(open(store), 'two')]);
    expect((await thread.view()).messages).toHaveLength(8);
  });

  it('[D9] ends a compaction that lands while it looks', async () => {
    const store = createMemoryStore();
    const thread = open(store);
    await talk(thread, 'a', 'b');
    await summarise(thread, { id: 'one', cover: 4 });
    let raced = false;
    const append: Store['logs']['append'] = async (...given) => {
      if (!raced) {
        raced = true;
        await summarise(thread, { id: 'two', cover: 1 });
      }
      return store.logs.append(...given);
    };
    await undo(open({ ...store, logs: { ...store.logs, append } }), 'one');
    expect((await thread.view()).messages).toHaveLength(8);
  });

  it('[D9] goes on where another one, that had seen less, was quicker', async () => {
    const store = createMemoryStore();
    const thread = open(store);
    await talk(thread, 'a', 'b');
    await summarise(thread, { id: 'one', cover: 4 });
    await summarise(thread, { id: 'two', cover: 1 });
    let raced = false;
    const append: Store['logs']['append'] = async (...given) => {
      if (!raced) {
        raced = true;
        const data = { target: 'one' };
        await thread.append([{ id: 'one.undo.one', version: 1, kind: 'revert', data }]);
      }
      return store.logs.append(...given);
    };
    const slow = open({ ...store, logs: { ...store.logs, append } });
    expect(await undo(slow, 'one')).toEqual(['two', 'one']);
    expect((await thread.view()).messages).toHaveLength(8);
  });

  it('[D9] lets a clear that came since win', async () => {
    const thread = open();
    await talk(thread, 'a', 'b');
    await summarise(thread, { id: 'one', cover: 4 });
    await thread.clear();
    await talk(thread, 'c');
    await summarise(thread, { id: 'two', cover: 1 });
    expect(await undo(thread, 'one')).toEqual(['one']);
    const { messages, shape } = await thread.view();
    expect(shape).toBe('two');
    expect(messages.map(({ id }) => id)).toEqual(['c.1', 'c.2', 'c.3']);
  });

  it('[D8] of a compaction inside a turn that failed leaves those of others alone', async () => {
    const thread = open();
    await talk(thread, 'a', 'b');
    await thread.append(turnEntries('open', chat('open', 'Long?')).slice(0, -1));
    await summarise(thread, { id: 'inside', cover: 9, turnId: 'open' });
    await thread.append([turnMark('open', { state: 'failed', reason: 'stopped' })]);
    await summarise(thread, { id: 'other', cover: 4 });
    expect(await undo(thread, 'inside')).toEqual(['inside']);
    expect((await thread.view()).shape).toBe('other');
  });

  it('[D8] refuses an id that names no compaction, or one that was redacted', async () => {
    const thread = open();
    await talk(thread, 'a');
    await summarise(thread, { id: 'one', cover: 4 });
    const refused = { code: 'INVALID_INPUT', path: 'summaryId' };
    await expect(undo(thread, 'a.0')).rejects.toMatchObject(refused);
    await expect(undo(thread, 'nobody')).rejects.toMatchObject(refused);
    await thread.redact(['a.0']);
    await expect(undo(thread, 'one')).rejects.toMatchObject(refused);
  });
});

describe('before', () => {
  it('[D8] shows the thread as it was before a compaction, whatever came since', async () => {
    const thread = open();
    await talk(thread, 'a', 'b');
    const then = shown(await thread.view());
    await summarise(thread, { id: 'one', cover: 4 });
    await talk(thread, 'c');
    await thread.clear();
    expect(shown(await (await before(thread, 'one')).view())).toEqual(then);
  });
});
