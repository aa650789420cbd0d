import { equal, holds, like, rejection, rejectsWith, toArray } from '../kit/assertions.js';
import { threadCase } from './thread-case.js';
import {
  again,
  append,
  chatTurn,
  completed,
  conflict,
  dump,
  idsOf,
  key,
  look,
  messageEntry,
  started,
  tell,
  textsOf,
  turnMark,
} from './tools.js';

export const threadLogCases = [
  threadCase(
    'append/once',
    'the same entry ids again are `replayed`, and are there once',
    async (subject) => {
      const thread = subject.openThread({ store: subject.store, key });
      await append(thread, chatTurn('t', 'hello'));
      like(await append(thread, chatTurn('t', 'hello again')), { outcome: 'replayed' });
      equal(await textsOf(thread), ['hello', 'heard']);
    },
  ),

  threadCase('append/concurrent', 'concurrent appends all survive, each as one run', async (subject) => {
    const threads = [0, 1, 2, 3].map(() => subject.openThread({ store: subject.store, key }));
    await Promise.all(
      threads.map(async (thread, writer) => {
        for (let count = 0; count < 10; count++)
          await append(thread, chatTurn(`w${writer}-${count}`, `${writer}-${count}`));
      }),
    );
    const entries = await again(() => toArray(subject.openThread({ store: subject.store, key }).entries()));
    equal(
      entries.map(({ seq }) => seq),
      entries.map((_, index) => index + 1),
    );
    equal(entries.length, 160);
    for (let index = 0; index < entries.length; index += 4)
      equal(new Set(entries.slice(index, index + 4).map(({ turnId }) => turnId)).size, 1);
  }),

  threadCase(
    'append/refused',
    'a malformed entry is refused before anything is written',
    async ({ openThread, store }) => {
      const thread = openThread({ store, key });
      const bad = { ...messageEntry('a', 'x'), id: 'another' };
      await rejectsWith(
        again(() => thread.append([messageEntry('good', 'x'), bad])),
        'INVALID_INPUT',
      );
      equal(await again(() => store.logs.head(key)), undefined);
    },
  ),

  threadCase('turns/once', 'a turn begins once and ends once', async ({ openThread, store }) => {
    const thread = openThread({ store, key });
    await append(thread, chatTurn('t', 'hello'));
    const late = [
      messageEntry('late', 'too late', { turnId: 't' }),
      turnMark('t', { state: 'failed', reason: 'x' }),
    ];
    await conflict(() => openThread({ store, key }).append(late));
    await conflict(() => thread.append([turnMark('t', started), messageEntry('x', 'x', { turnId: 't' })]));
    equal(await textsOf(thread), ['hello', 'heard']);
    holds(!(await dump(store)).includes('too late'), 'half of a refused append is stored');
  }),

  threadCase(
    'turns/open',
    'nobody else sees an open turn; completed turns are shown in order of completion, each contiguous',
    async ({ openThread, store }) => {
      const thread = openThread({ store, key });
      await append(thread, [turnMark('slow', started), messageEntry('slow.0', 'first', { turnId: 'slow' })]);
      await append(thread, chatTurn('quick', 'second'));
      await append(thread, [messageEntry('slow.1', 'third', { turnId: 'slow', role: 'assistant' })]);
      const other = openThread({ store, key });
      equal(idsOf((await look(other)).messages), ['quick.0', 'quick.1']);
      const own = await look(other, { turnId: 'slow' });
      equal(idsOf(own.messages), ['quick.0', 'quick.1', 'slow.0', 'slow.1']);
      equal(idsOf(own.open), ['slow.0', 'slow.1']);
      await append(thread, [turnMark('slow', completed)]);
      equal(idsOf((await look(other)).messages), ['quick.0', 'quick.1', 'slow.0', 'slow.1']);
      await append(thread, [turnMark('lost', started), messageEntry('lost.0', 'gone', { turnId: 'lost' })]);
      await append(thread, [turnMark('lost', { state: 'failed', reason: 'x' })]);
      equal((await look(other)).messages.length, 4);
    },
  ),

  threadCase(
    'view/fold',
    'equal to folding the whole log, and read from the end: a cold view costs what the window costs, a warm one what was appended since.',
    async ({ openThread, store }) => {
      let read = 0;
      const counted = {
        ...store,
        logs: {
          ...store.logs,
          async *read(...args: Parameters<typeof store.logs.read>) {
            for await (const entry of store.logs.read(...args)) {
              read++;
              yield entry;
            }
          },
        },
      };
      const warm = openThread({ store: counted, key });
      const batch = 50;
      for (let from = 0; from < 600; from += batch) {
        const turns = Array.from({ length: batch }, (_, index) =>
          chatTurn(`t${from + index}`, `fact ${from + index}`),
        );
        await append(warm, turns.flat());
      }
      const whole = (await again(() => toArray(warm.entries()))).flatMap((entry) =>
        entry.kind === 'message' ? [entry.data] : [],
      );
      const view = await look(warm);
      equal(view.messages, whole);
      const last = view.messages[1179];
      holds(last, 'the view lacks messages');
      await again(() => warm.reshape(view, { covers: view.coverage(last), hash: '', keep: [] }, 'cut'));
      read = 0;
      const cold = await cost(() => look(openThread({ store: counted, key })));
      equal(cold.view.messages, whole.slice(1180));
      equal((await look(warm)).messages, whole.slice(1180));
      holds(cold.read < 500, `a cold view of 20 messages read ${cold.read} entries`);
      await tell(warm, 1, 600);
      const next = await cost(() => look(warm));
      equal(next.view.messages.length, 22);
      holds(next.read <= 4 * 12, `a warm view after 4 entries read ${next.read} entries`);

      // The cheapest of some looks: a store that breaks readings makes one of them read again.
      async function cost(run: () => ReturnType<typeof look>) {
        read = 0;
        const seen = await run();
        return { view: seen, read };
      }
    },
  ),

  threadCase('fold/cost', 'costs what was appended since the last call.', async ({ openThread, store }) => {
    const thread = openThread({ store, key });
    const seen: number[] = [];
    const seqs = {
      name: 'seqs',
      initial: () => [] as number[],
      apply(state: number[], { seq }: { readonly seq: number }) {
        seen.push(seq);
        return [...state, seq];
      },
    };
    await tell(thread, 5);
    equal((await again(() => thread.fold(seqs))).length, 20);
    seen.length = 0;
    await tell(thread, 1, 5);
    equal((await again(() => thread.fold(seqs))).length, 24);
    equal([...new Set(seen)], [21, 22, 23, 24]);
  }),

  threadCase(
    'view/agents',
    'an agent sees its own messages and those of nobody',
    async ({ openThread, store }) => {
      const thread = openThread({ store, key });
      await append(thread, [
        messageEntry('all', 'for all'),
        messageEntry('a', 'of a', { agentId: 'a' }),
        messageEntry('b', 'of b', { agentId: 'b' }),
      ]);
      equal(idsOf((await look(thread, { agentId: 'a' })).messages), ['all', 'a']);
      equal(idsOf((await look(thread)).messages), ['all', 'a', 'b']);
    },
  ),

  threadCase(
    'view/frozen',
    'a view is frozen, so that no reader changes it for the next',
    async (subject) => {
      const thread = subject.openThread({ store: subject.store, key });
      await tell(thread, 1);
      const view = await look(thread);
      holds(Object.isFrozen(view) && Object.isFrozen(view.messages), 'the view is not frozen');
      holds(Object.isFrozen(view.messages[0]?.content[0]), 'a part of a message is not frozen');
    },
  ),

  threadCase(
    'expiry/whole',
    'a thread expires as a whole, counted from its last append, and begins anew',
    async ({ openThread, store, clock }) => {
      const grain = store.supports.ttlGranularityMs;
      const thread = openThread({ store, key, ttlMs: 1000 * grain });
      await tell(thread, 1);
      await clock.advance(800 * grain);
      await tell(thread, 1, 1);
      await clock.advance(1000 * grain - 1);
      equal((await textsOf(thread)).length, 4);
      await clock.advance(grain);
      equal(await textsOf(thread), []);
      await tell(thread, 1, 2);
      equal(await textsOf(thread), ['fact 2', 'heard']);
    },
  ),

  threadCase(
    'delete/anew',
    'a thread whose log was deleted begins anew, also for a reader that knew the old one',
    async ({ openThread, store }) => {
      const thread = openThread({ store, key });
      const ids = {
        name: 'ids',
        initial: (): readonly string[] => [],
        apply: (seen: readonly string[], { id }: { readonly id: string }) => [...seen, id],
      };
      await tell(thread, 2);
      equal(await textsOf(thread), ['fact 0', 'heard', 'fact 1', 'heard']);
      equal((await again(() => thread.fold(ids)))[0], 't0.start');
      await again(() => store.logs.delete(key));
      // By somebody else, and longer than the old log: only its epoch gives it away.
      await tell(openThread({ store, key }), 3, 10);
      equal(await textsOf(thread), ['fact 10', 'heard', 'fact 11', 'heard', 'fact 12', 'heard']);
      const anew = await again(() => thread.fold(ids));
      equal([anew.length, anew[0]], [12, 't10.start']);
    },
  ),

  threadCase(
    'newer/refused',
    'a thread that a newer version wrote to is refused, to read and to write',
    async ({ openThread, store }) => {
      await again(() =>
        store.logs.append(key, [{ id: 'x', body: { kind: 'message', version: 2, data: {} } }]),
      );
      const thread = openThread({ store, key });
      await rejectsWith(look(thread), 'UNKNOWN_VERSION');
      holds(await rejection(append(thread, chatTurn('t', 'hello'))), 'it was written to');
      equal((await again(() => store.logs.head(key)))?.seq, 1);
    },
  ),
];
