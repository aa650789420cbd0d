import { exportThread, importThread, messageText } from '@loci/core';
import { chaos } from '../chaos/chaos-store.js';
import { equal, holds, like, rejectsWith, toArray } from '../kit/assertions.js';
import { threadCase } from './thread-case.js';
import {
  again,
  append,
  chatTurn,
  conflict,
  dump,
  idsOf,
  key,
  look,
  messageEntry,
  reshape,
  shapeOf,
  tell,
  textsOf,
} from './tools.js';

const canary = 'CANARY-4711';

export const threadShapeCases = [
  threadCase(
    'reshape/appends-survive',
    'messages that came while a summary was made survive it',
    async ({ openThread, store }) => {
      const thread = openThread({ store, key });
      await tell(thread, 6);
      const view = await look(thread);
      await append(openThread({ store, key }), chatTurn('late', 'appended meanwhile'));
      equal(await reshape(thread, view, shapeOf(view, 7, 'S'), 'one'), 'applied');
      const after = await look(thread);
      equal(after.summary && messageText(after.summary), 'S');
      equal(after.messages.map(messageText), [
        'fact 4',
        'heard',
        'fact 5',
        'heard',
        'appended meanwhile',
        'heard',
      ]);
    },
  ),

  threadCase(
    'reshape/one-wins',
    'one of two reshapes of the same view wins, and the summary of the other is never stored',
    async ({ openThread, store }) => {
      const threads = [openThread({ store, key }), openThread({ store, key })];
      await tell(threads[0] as (typeof threads)[number], 4);
      const views = await Promise.all(threads.map((thread) => look(thread)));
      const results = await Promise.all(
        threads.map((thread, index) => {
          const view = views[index] as (typeof views)[number];
          return reshape(thread, view, shapeOf(view, 3 + index, `summary of the ${index}`), `shape-${index}`);
        }),
      );
      equal(results.toSorted(), ['applied', 'stale']);
      equal((await dump(store)).match(/summary of the/g)?.length, 1);
      equal(
        (await look(threads[0] as (typeof threads)[number])).shape,
        `shape-${results.indexOf('applied')}`,
      );
    },
  ),

  threadCase(
    'clear/revert',
    'a clear hides everything, makes an older reshape stale, and `revert` brings back what was before',
    async ({ openThread, store }) => {
      const thread = openThread({ store, key });
      await tell(thread, 3);
      const first = await look(thread);
      equal(await reshape(thread, first, shapeOf(first, 1, 'S'), 'one'), 'applied');
      const view = await look(thread);
      await again(() => thread.clear());
      equal(await reshape(thread, view, shapeOf(view, 1, 'too late'), 'late'), 'stale');
      like(await look(thread), { messages: [], kept: [], summary: undefined });
      holds(!(await dump(store)).includes('too late'), 'the summary that lost is stored');
      // A clear whose answer was lost is there twice: each is undone by its own id.
      for (let attempt = 0; attempt < 20; attempt++) {
        const { shape } = await look(thread);
        if (shape !== null && shape !== 'one') await again(() => thread.revert(shape));
      }
      const back = await look(thread);
      equal(back.summary?.id, 'one');
      equal(back.messages.map(messageText), ['fact 1', 'heard', 'fact 2', 'heard']);
      await again(() => thread.revert('one'));
      equal((await look(thread)).messages.length, 6);
    },
  ),

  threadCase(
    'pins/kept',
    'a pinned message stays in sight byte for byte, also where a shaper forgets it',
    async ({ openThread, store }) => {
      const thread = openThread({ store, key });
      await tell(thread, 3);
      const before = await look(thread);
      const pinned = before.messages[0];
      holds(pinned, 'there is no message');
      await again(() => thread.pin(pinned.id));
      const view = await look(thread);
      equal(await reshape(thread, view, shapeOf(view, 3), 'cut'), 'applied');
      const after = await look(openThread({ store, key }));
      equal(after.kept, [pinned]);
      holds(after.pinned.has(pinned.id), 'it is not pinned any more');
      await again(() => thread.pin(pinned.id, false));
      equal((await look(thread)).kept, []);
    },
  ),

  threadCase('at/past', '`at` is the thread as it was when that entry was the newest', async (subject) => {
    const { openThread, store } = subject;
    const thread = openThread({ store, key });
    await tell(thread, 3);
    const { seq } = await look(thread);
    await again(() => thread.clear());
    await tell(thread, 1, 3);
    equal((await textsOf(thread.at(seq))).length, 6);
    equal(await textsOf(thread.at(4)), ['fact 0', 'heard']);
    equal((await again(() => toArray(thread.at(4).entries()))).length, 4);
  }),

  threadCase(
    'fork/ids',
    'a fork and an export have the same entries with the same ids and seqs, and go on apart',
    async ({ openThread, store }) => {
      const thread = openThread({ store, key });
      await tell(thread, 3);
      const fork = await again(() => thread.fork(8, ['fork']));
      equal(idsOf((await look(fork)).messages), idsOf((await look(thread)).messages).slice(0, 4));
      equal((await again(() => thread.fork(8, ['fork']))).key, ['fork']);
      await append(fork, chatTurn('other', 'another future'));
      equal((await again(() => thread.fork(8, ['fork']))).key, ['fork']);
      equal((await textsOf(thread)).length, 6);
      equal((await textsOf(fork)).at(-2), 'another future');
      await conflict(() => thread.fork(12, ['fork']));
      const lines = await again(() => toArray(exportThread(thread)));
      const copy = await again(() => importThread(lines, { store, key: ['copy'] }));
      equal((await look(copy)).messages, (await look(thread)).messages);
      equal(await again(() => toArray(exportThread(copy))), lines);
    },
  ),

  threadCase(
    'redact/everywhere',
    'redacted text is gone from every entry, from every summary made of it, from exports, later forks and folds, and only that',
    async ({ openThread, store }) => {
      const thread = openThread({ store, key });
      await append(thread, chatTurn('a', 'hello', 'hi'));
      await append(thread, chatTurn('b', `the code is ${canary}`, 'noted'));
      await tell(thread, 4);
      for (const [through, summary, id] of [
        [1, 'greetings', 's1'],
        [1, `greetings and ${canary}`, 's2'],
      ] as const) {
        const view = await look(thread);
        equal(await reshape(thread, view, shapeOf(view, through, summary), id), 'applied');
      }
      const said = {
        name: 'said',
        initial: () => '',
        apply: (state: string, entry: object) => state + JSON.stringify(entry),
      };
      holds((await again(() => thread.fold(said))).includes(canary), 'the canary was not stored');
      await again(() => thread.redact(['b.0']));
      const stored = await dump(store);
      holds(!stored.includes(canary), 'the text is still stored');
      holds(stored.includes('greetings') && stored.includes('fact 3'), 'other text is gone, too');
      const view = await look(thread);
      equal(view.summary?.id, 's1');
      holds(
        idsOf(view.messages).includes('b.1') && !idsOf(view.messages).includes('b.0'),
        'the view is not right',
      );
      holds(!(await again(() => thread.fold(said))).includes(canary), 'a fold still knows it');
      await again(() => thread.fork(view.seq, ['fork']));
      holds(!(await dump(store, ['fork'])).includes(canary), 'a later fork holds it');
      const lines = await again(() => toArray(exportThread(thread)));
      holds(!lines.join('').includes(canary), 'an export holds it');
    },
  ),

  threadCase(
    'redact/late-summary',
    'a summary of redacted text that is still being made loses',
    async ({ openThread, store }) => {
      const thread = openThread({ store, key });
      await append(thread, chatTurn('a', `the code is ${canary}`));
      await tell(thread, 2);
      const view = await look(thread);
      await again(() => openThread({ store, key }).redact(['a.0']));
      equal(await reshape(thread, view, shapeOf(view, 1, canary), 'late'), 'stale');
      holds(!(await dump(store)).includes(canary), 'the summary is stored');
    },
  ),

  threadCase(
    'pending/positions',
    'what refers to a position is refused while entries are only queued, and possible again after',
    async ({ openThread, store }) => {
      const queueing = chaos(store);
      const thread = openThread({ store: queueing, key });
      await tell(thread, 2);
      queueing.chaos.holdAppends();
      const queued = await append(thread, [messageEntry('queued', 'later')]);
      equal(queued.outcome, 'pending');
      const view = await look(thread);
      equal(view.messages.map(messageText).at(-1), 'later');
      for (const refer of [
        () => thread.reshape(view, shapeOf(view, 1), 'o'),
        () => thread.fork(view.seq, ['f']),
        () => thread.at(view.seq).view(),
        () => thread.redact(['t0.0']),
      ])
        await rejectsWith(again<unknown>(refer), 'PENDING');
      await again(() => queueing.chaos.releaseAppends());
      const stored = await look(openThread({ store, key }));
      equal(idsOf(stored.messages), ['t0.0', 't0.1', 't1.0', 't1.1', 'queued']);
      equal(await reshape(thread, await look(thread), shapeOf(stored, 1), 'o'), 'applied');
    },
  ),

  threadCase(
    'expiry/under-reader',
    'a reader under whom the thread expires sees it whole or empty, never half',
    async ({ openThread, store }) => {
      for (let calls = 0; calls < 4; calls++) {
        const expiring = chaos(store);
        const at = ['expiring', String(calls)];
        const thread = openThread({ store, key: at });
        for (let index = 0; index < 30; index++) await append(thread, chatTurn(`t${index}`, `fact ${index}`));
        expiring.chaos.expire('log', at, calls);
        const { messages } = await look(openThread({ store: expiring, key: at }));
        holds([0, 60].includes(messages.length), `it sees ${messages.length} of 60 messages`);
      }
    },
  ),
];
