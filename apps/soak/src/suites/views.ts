import {
  createMemoryStore,
  createMessage,
  type EntryInput,
  openThread,
  type Thread,
  type View,
} from '@loci/core';
import { createRandom } from '@loci/testing/conversations';
import type { Suite } from '../suite.js';

/** Random logs, read cold and warm: what is read from the end must be the whole truth. */
export const views: Suite = {
  name: 'views',
  proves:
    'A view read from the end, cold or warm, is the view of a reader that has followed the log entry by entry.',
  rounds: 3000,
  async run({ rounds, seed, progress, signal }) {
    const random = createRandom(seed);
    let entries = 0;
    let views = 0;
    for (let round = 1; round <= rounds; round++) {
      signal.throwIfAborted();
      const store = createMemoryStore();
      const key = ['thread'];
      const follower = openThread({ store, key });
      const writer = openThread({ store, key });
      const state: State = { open: [], messages: [], shapes: [], count: 0, old: await writer.view() };
      for (let step = 0; step < 40; step++) {
        await act(writer, state, random);
        // The follower looks after every entry, so nothing it holds was ever read from the end of a long log.
        for (const turnId of [undefined, ...state.open.slice(-1)]) {
          const options = turnId === undefined ? {} : { turnId };
          const followed = await follower.view(options);
          if (step % 8 === 7 || step === 39) {
            const cold = await openThread({ store, key }).view(options);
            for (const view of [cold, await writer.view(options)]) {
              if (toText(view) !== toText(followed))
                throw new Error(`round ${round}, step ${step}: ${toText(view)} is not ${toText(followed)}`);
            }
            views++;
          }
        }
      }
      entries += (await writer.view()).seq;
      progress(round);
    }
    return [
      { what: 'random logs', count: rounds },
      { what: 'entries', count: entries },
      { what: 'views compared', count: views },
    ];
  },
};

interface State {
  readonly open: string[];
  readonly messages: string[];
  readonly shapes: string[];
  count: number;
  old: View;
}

async function act(thread: Thread, state: State, random: () => number): Promise<void> {
  const pick = (size: number) => Math.floor(random() * size);
  const what = pick(24);
  const id = `e${state.count++}`;
  const turnId = state.open[pick(Math.max(1, state.open.length))];
  const append = (entry: EntryInput) => thread.append([entry]);
  if (what < 4) {
    const turn = `t${state.count}`;
    state.open.push(turn);
    await append({
      id: `${turn}.start`,
      version: 1,
      kind: 'turn',
      turnId: turn,
      data: { state: 'started', owner: 'o', leaseUntil: 0 },
    });
  } else if (what < 12) {
    state.messages.push(id);
    const data = createMessage({
      id,
      role: 'user',
      content: id,
      createdAt: 0,
      ...(pick(9) === 0 ? { pinned: true } : {}),
    });
    await append({ id, version: 1, kind: 'message', data, ...(turnId && what > 4 ? { turnId } : {}) });
  } else if (what < 15 && turnId) {
    state.open.splice(state.open.indexOf(turnId), 1);
    const data = pick(4) ? ({ state: 'completed' } as const) : ({ state: 'failed', reason: 'x' } as const);
    await append({ id: `${turnId}.end`, version: 1, kind: 'turn', turnId, data });
  } else if (what === 15) state.old = await thread.view();
  else if (what < 20) await reshape(thread, state, id, turnId, pick);
  else if (what === 20) await thread.revert(state.shapes[pick(Math.max(1, state.shapes.length))] ?? 'none');
  else if (what === 21 && pick(3) === 0)
    await thread.redact([state.messages[pick(Math.max(1, state.messages.length))] ?? 'none']);
  else if (what === 22 && pick(3) === 0) state.shapes.push(await thread.clear());
  else if (what === 23) {
    const { kept, messages } = await thread.view();
    const visible = [...kept, ...messages];
    const message = visible[pick(Math.max(1, visible.length))];
    if (message) await thread.pin(message.id, pick(3) > 0);
  }
}

async function reshape(
  thread: Thread,
  state: State,
  id: string,
  turnId: string | undefined,
  pick: (size: number) => number,
): Promise<void> {
  const view = pick(3) === 0 ? state.old : await thread.view(turnId && pick(2) ? { turnId } : {});
  const last = view.messages.at(-1 - pick(3));
  if (!last) return;
  const summary = createMessage({ role: 'user', content: 's', createdAt: 0 });
  const shape = { covers: view.coverage(last), hash: '', keep: [], ...(pick(2) ? { summary } : {}) };
  if ((await thread.reshape(view, shape, id)) === 'applied') state.shapes.push(id);
}

function toText({ seq, basis, shape, summary, kept, messages, pinned }: View): string {
  const ids = (list: readonly { readonly id: string }[]) => list.map((message) => message.id);
  return JSON.stringify({
    seq,
    basis,
    shape,
    summary: summary?.id,
    kept: ids(kept),
    messages: ids(messages),
    pinned: [...pinned].sort(),
  });
}
