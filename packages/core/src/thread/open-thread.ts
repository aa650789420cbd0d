import { InvalidInputError } from '../errors/invalid-input-error.js';
import { PendingError } from '../errors/pending-error.js';
import type { JsonValue, Message } from '../message/message.js';
import { randomId as secureId } from '../random-id.js';
import { checkKey } from '../store/key.js';
import type { AppendOptions, Key, LogAppend, Store } from '../store/store.js';
import type { Coverage, EntryInput, Shape } from './entry.js';
import { toLog } from './parse-entry.js';
import { openReader, type Reader } from './reader.js';
import { readMarks, redactEntries, stubBody } from './redact.js';
import { redactInput } from './redact-input.js';
import type { Thread, View } from './thread.js';
import { liesWithin } from './to-view.js';
import { tryAppend } from './try-append.js';

const maxAttempts = 100;

export interface ThreadOptions {
  readonly store: Store;
  readonly key: Key;
  /**
   * Runs over the content of everything that is appended, before anything is stored. Must return the same kind of
   * value; `redactText` makes one from a function over strings.
   */
  readonly redact?: (value: JsonValue) => JsonValue;
  /** Milliseconds after the last append at which the whole thread expires. @default it does not */
  readonly ttlMs?: number;
  readonly randomId?: () => string;
}

/**
 * Opens a thread, whether or not anything is stored under the key yet. Does no I/O.
 *
 * @example
 * const thread = openThread({ store, key: ['chat', 'anna'] });
 * const { messages } = await thread.view();
 */
export function openThread(options: ThreadOptions): Thread {
  const { store, key, redact, ttlMs } = options;
  const newId = options.randomId ?? secureId;
  checkKey(key);
  const live = openReader(store, key);
  let looked: Promise<void> | undefined;
  const limits: AppendOptions = ttlMs === undefined ? {} : { ttlMs };

  const append: Thread['append'] = async (entries, io = {}) => {
    const stored = toLog(key, redact ? entries.map((entry) => redactInput(entry, redact)) : entries);
    // A thread that a newer version wrote to is refused here too, before anything is added to it. One look is enough:
    // every view looks again.
    looked ??= live.refresh();
    await looked.catch((error: unknown) => {
      looked = undefined;
      throw error;
    });
    return store.logs.append(key, stored, { ...io, ...limits });
  };

  /** Whether this entry is in the log. A head that no log has: known ids are recognised before it is looked at. */
  const isStored = (body: LogAppend) => tryAppend(store, key, [body], { expect: { epoch: '-', seq: 0 } });

  async function appendOverlay(view: View, body: LogAppend): Promise<'applied' | 'stale'> {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const head = await store.logs.head(key);
      const now = await live.scene();
      if (now.pending) throw new PendingError(key);
      // What shaped the thread since may be this very overlay, whose answer was lost.
      if (now.basis !== view.basis || !head) return (await isStored(body)) ? 'applied' : 'stale';
      // Something came between the two looks: look again, it may be another shape.
      if (now.head !== head.seq) continue;
      const receipt = await tryAppend(store, key, [body], { ...limits, expect: head });
      if (receipt?.outcome === 'pending') throw new PendingError(key);
      if (receipt) return 'applied';
    }
    return 'stale';
  }

  const thread: Thread = {
    ...withoutRefresh(live),
    append,
    reshape(view, shape, id) {
      const data = withPinned(view, {
        ...shape,
        ...(shape.summary ? { summary: { ...shape.summary, id } } : {}),
      });
      const entry: EntryInput = { id, version: 1, kind: 'overlay', data };
      const [body] = toLog(key, [redact ? redactInput(entry, redact) : entry]);
      return appendOverlay(view, body as LogAppend);
    },
    async clear() {
      const { seq } = await live.view();
      const id = newId();
      const covers: Coverage = { closed: { turnSeq: seq, seq } };
      await append([{ id, version: 1, kind: 'clear', data: { covers } }]);
      return id;
    },
    async revert(target) {
      await append([{ id: newId(), version: 1, kind: 'revert', data: { target } }]);
    },
    async pin(messageId, pinned = true) {
      const view = await live.view();
      const message = [...view.kept, ...view.messages].find((candidate) => candidate.id === messageId);
      if (!message && pinned) throw new InvalidInputError('messageId', 'is not in this view');
      // What is out of sight is not pinned: a repeat after a lost answer finds nothing left to do.
      if (!message) return;
      const { seq } = view.ref(message);
      await append([{ id: newId(), version: 1, kind: 'pin', data: { id: messageId, pinned, seq } }]);
    },
    async redact(ids) {
      await redactEntries(store, key, ids, newId);
    },
    at(seq) {
      if (!Number.isSafeInteger(seq) || seq < 0)
        throw new InvalidInputError('seq', 'must be a whole number from 0');
      return withoutRefresh(openReader(store, key, seq));
    },
    clean(message) {
      if (!redact) return message;
      const entry = redactInput({ id: message.id, version: 1, kind: 'message', data: message }, redact);
      return entry.data as Message;
    },
    sibling: (other) => openThread({ ...options, key: other }),
    async fork(seq, target) {
      checkKey(target);
      if (!Number.isSafeInteger(seq) || seq < 1)
        throw new InvalidInputError('seq', 'must be a whole number from 1');
      const marks = await readMarks(store, key);
      const copies: LogAppend[] = [];
      for await (const stored of store.logs.read(key, { to: seq })) {
        if (stored.pending) throw new PendingError(key);
        const body = stubBody(key, stored, marks) ?? stored.body;
        copies.push({
          id: stored.id,
          body: { at: stored.at, ...(body as { readonly [name: string]: JsonValue }) },
        });
      }
      if (copies.length !== seq) throw new InvalidInputError('seq', 'lies beyond the end of the thread');
      await store.logs.append(target, copies, { ...limits, expect: 'absent' });
      return thread.sibling(target);
    },
  };
  return Object.freeze(thread);
}

/** A shaper may forget a pinned message; the thread does not. */
function withPinned(view: View, shape: Shape): Shape {
  const keep = new Map(shape.keep.map((kept) => [kept.id, { id: kept.id, seq: kept.seq }]));
  for (const message of [...view.kept, ...view.messages]) {
    if (!view.pinned.has(message.id)) continue;
    const own = view.kept.includes(message) ? undefined : view.coverage(message);
    const isCovered =
      own === undefined ||
      liesWithin(shape.covers, own.open ? { ...own.open, turnSeq: Number.POSITIVE_INFINITY } : own.closed);
    if (isCovered) keep.set(message.id, view.ref(message));
  }
  return {
    ...shape,
    keep: [...keep.values()].map((kept) =>
      view.pinned.has(kept.id) ? { ...kept, pinned: true as const } : kept,
    ),
  };
}

function withoutRefresh({ key, entries, view, fold, openTurns }: Reader) {
  return Object.freeze({ key, entries, view, fold, openTurns });
}
