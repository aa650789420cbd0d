import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatTurn, completed, ids, messageEntry, started, turnEntry } from '../../test/entries.js';
import { foldView } from '../../test/fold-view.js';
import { createMessage } from '../message/create-message.js';
import { createMemoryStore } from '../store/memory-store.js';
import type { Store } from '../store/store.js';
import type { EntryInput } from './entry.js';
import { openThread } from './open-thread.js';
import type { Thread, View } from './thread.js';

const key = ['t'];

/** Counts the entries that are read from the store. */
function counting(store: Store) {
  const read = { entries: 0 };
  const logs: Store['logs'] = {
    ...store.logs,
    async *read(...args) {
      for await (const entry of store.logs.read(...args)) {
        read.entries++;
        yield entry;
      }
    },
  };
  return { store: { ...store, logs }, read };
}

async function summarised(view: View) {
  return {
    seq: view.seq,
    basis: view.basis,
    shape: view.shape,
    summary: view.summary?.id,
    kept: ids(view.kept),
    messages: view.messages.map(({ id, content }) => ({ id, content })),
    pinned: [...view.pinned].sort(),
  };
}

interface Step {
  readonly what: number;
  readonly pick: number;
  readonly flag: boolean;
}
const steps = fc.array(fc.record({ what: fc.nat(23), pick: fc.nat(1000), flag: fc.boolean() }), {
  minLength: 20,
  maxLength: 70,
});

/** Interleaved and open turns, stale reshapes, clears, reverts, redactions and pins, as the numbers say. */
async function play(
  thread: Thread,
  script: readonly Step[],
  reader: (turnIds: readonly string[]) => Promise<void>,
) {
  const open: string[] = [];
  const allTurns: string[] = [];
  const messages: string[] = [];
  const shapes: string[] = [];
  let count = 0;
  let old = await thread.view();
  let oldOpen: View | undefined;
  const append = (entry: EntryInput) => thread.append([entry]);
  for (const [index, { what, pick, flag }] of script.entries()) {
    const turnId = open[pick % Math.max(1, open.length)];
    const next = `e${count++}`;
    if (what < 3) {
      open.push(`t${count}`);
      allTurns.push(`t${count}`);
      await append(turnEntry(`t${count}`, started));
    } else if (what < 11) {
      messages.push(next);
      const agentId = pick % 5 === 0 ? { agentId: `a${pick % 2}` } : {};
      await append(
        messageEntry(next, `text ${next}`, {
          ...(turnId && what > 3 ? { turnId } : {}),
          pinned: pick % 9 === 0,
          ...agentId,
        }),
      );
    } else if (what < 14 && turnId) {
      open.splice(open.indexOf(turnId), 1);
      await append(turnEntry(turnId, pick % 4 ? completed : { state: 'failed', reason: 'x' }));
    } else if (what < 15) {
      old = await thread.view();
      oldOpen = turnId ? await thread.view({ turnId }) : undefined;
    } else if (what < 19) {
      const view =
        pick % 4 === 0
          ? flag && oldOpen
            ? oldOpen
            : old
          : await thread.view(turnId && flag ? { turnId } : {});
      const last = view.messages.at(-1 - (pick % 3));
      if (last) {
        const summary = createMessage({ id: next, role: 'user', content: 's', createdAt: 1 });
        const keep = view.messages
          .filter((_, at) => at % 4 === pick % 4 && at <= view.messages.indexOf(last))
          .map((message) => view.ref(message));
        const replace = { [view.messages.at(-1)?.id ?? '']: [{ type: 'text' as const, text: 'short' }] };
        const shape = { covers: view.coverage(last), hash: '', keep, ...(flag ? { summary } : {}), replace };
        if ((await thread.reshape(view, shape, next)) === 'applied') shapes.push(next);
      }
    } else if (what === 19 && shapes.length > 0) await thread.revert(shapes[pick % shapes.length] as string);
    else if (what === 20 && messages.length > 0)
      await thread.redact([messages[pick % messages.length] as string]);
    else if (what === 21 && pick % 2) shapes.push(await thread.clear());
    else if (what > 21 && messages.length > 0) {
      const id = messages[pick % messages.length] as string;
      const seqs = new Map<string, number>();
      for await (const entry of thread.entries()) seqs.set(entry.id, entry.seq);
      const seq = seqs.get(id);
      await append({
        id: next,
        version: 1,
        kind: 'pin',
        data: { id, pinned: flag, ...(pick % 2 && seq ? { seq } : {}) },
      });
    }
    if (index % 10 === 9 || index === script.length - 1) await reader(allTurns);
  }
}

describe('view', () => {
  it('equals the fold of the whole log, cold and warm, for every reader', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const store = createMemoryStore();
        const warm = openThread({ store, key });
        await play(warm, script, async (turnIds) => {
          for (const options of [{}, { agentId: 'a1' }, ...turnIds.slice(-3).map((turnId) => ({ turnId }))]) {
            const meaning = await foldView(warm, options);
            expect(await summarised(await warm.view(options))).toEqual(meaning);
            expect(await summarised(await openThread({ store, key }).view(options))).toEqual(meaning);
          }
        });
      }),
      { numRuns: 150 },
    );
  }, 30_000);

  it('shows an earlier state through `at`, whatever came later', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(), async (script, point) => {
        const thread = openThread({ store: createMemoryStore(), key });
        // Redaction is the one thing that reaches back.
        await play(
          thread,
          script.filter((step) => step.what !== 20),
          async () => {},
        );
        const { seq } = await thread.view();
        const before = thread.at(seq === 0 ? 0 : point % (seq + 1));
        expect(await summarised(await before.view())).toEqual(await foldView(before));
      }),
      { numRuns: 60 },
    );
  });

  it('reads as much from a long thread as from a short one, cold', async () => {
    const reads: number[] = [];
    for (const turns of [100, 5000]) {
      const { store, read } = counting(createMemoryStore());
      const writer = openThread({ store, key });
      const entries = Array.from({ length: turns }, (_, turn) =>
        chatTurn(`t${turn}`, 'question', 'answer'),
      ).flat();
      await writer.append(entries);
      const view = await writer.view();
      const last = view.messages.at(-21);
      if (last) await writer.reshape(view, { covers: view.coverage(last), hash: '', keep: [] }, 'cut');
      read.entries = 0;
      expect((await openThread({ store, key }).view()).messages).toHaveLength(20);
      reads.push(read.entries);
    }
    expect(reads[1]).toBe(reads[0]);
    expect(reads[1]).toBeLessThan(200);
  });

  it('reads only what was appended since, warm', async () => {
    const { store, read } = counting(createMemoryStore());
    const thread = openThread({ store, key });
    await thread.append(Array.from({ length: 500 }, (_, turn) => chatTurn(`t${turn}`, 'q', 'a')).flat());
    await thread.view();
    read.entries = 0;
    await thread.append(chatTurn('new', 'q', 'a'));
    expect((await thread.view()).messages).toHaveLength(1002);
    expect(read.entries).toBe(4);
  });

  it('shows a turn to nobody else until it is completed, and then where it was completed', async () => {
    const thread = openThread({ store: createMemoryStore(), key });
    await thread.append([
      turnEntry('slow', started),
      messageEntry('slow.0', 'first asked', { turnId: 'slow' }),
    ]);
    await thread.append(chatTurn('quick', 'asked later', 'answered'));
    expect(ids((await thread.view()).messages)).toEqual(['quick.0', 'quick.1']);
    expect(ids((await thread.view({ turnId: 'slow' })).messages)).toEqual(['quick.0', 'quick.1', 'slow.0']);
    await thread.append([turnEntry('slow', completed)]);
    expect(ids((await thread.view()).messages)).toEqual(['quick.0', 'quick.1', 'slow.0']);
  });

  it('hands out nothing that a reader could change for the next one', async () => {
    const thread = openThread({ store: createMemoryStore(), key });
    await thread.append(chatTurn('t', 'q', 'a'));
    const [message] = (await thread.view()).messages;
    expect(() => Object.assign(message as object, { role: 'system' })).toThrow(TypeError);
    expect(() => Object.assign(message?.content[0] as object, { text: 'changed' })).toThrow(TypeError);
  });
});
