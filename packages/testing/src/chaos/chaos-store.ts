import {
  type Clock,
  encodeKey,
  InvalidInputError,
  type IoOptions,
  type Key,
  type Store,
  StoreUnavailableError,
} from '@loci/core';
import { createAppendQueue } from './append-queue.js';
import { createEagerClock } from './eager-clock.js';
import { createRandom } from './random.js';

export interface ChaosOptions {
  /** The same seed and the same calls, the same faults. @default 1 */
  readonly seed?: number;
  /** Share of the calls, 0–1, that are applied and whose answer is lost (`StoreUnavailableError`). @default 0 */
  readonly lostAnswers?: number;
  /** Share of the calls, 0–1, that are refused before anything is applied (`StoreUnavailableError`). @default 0 */
  readonly refusals?: number;
  /** The longest wait before a call is applied, and again before its answer. @default 0 */
  readonly maxDelayMs?: number;
  /** For the waits. @default a clock of its own that never waits: delays then only change the order of calls */
  readonly clock?: Clock;
}

export interface ChaosControls {
  /** What befell calls so far, for example `3 logs.append lost`. */
  readonly faults: readonly string[];
  /** From now on appends are only queued and answered `pending`; what cannot be queued is refused. */
  holdAppends(): void;
  /** Stores what is queued, in the order of the calls, and queues no more. */
  releaseAppends(): Promise<void>;
  /** Takes a record away, as its expiry does, just before the next call that touches it, or one `afterCalls` later. */
  expire(target: 'document' | 'log', key: Key, afterCalls?: number): void;
}

export interface ChaosStore extends Store {
  readonly chaos: ChaosControls;
}

interface Expiry {
  readonly target: 'document' | 'log';
  readonly name: string;
  callsLeft: number;
}

/**
 * A store that loses answers, refuses calls, takes its time, queues appends and lets records expire under a reader: all
 * that the contract allows, on purpose and repeatably. Feed and search of the inner store are passed through as they are.
 * Closing it closes the inner store.
 *
 * @example
 * const store = chaos(createMemoryStore(), { seed: 7, lostAnswers: 0.2, refusals: 0.2, maxDelayMs: 50 });
 */
export function chaos(store: Store, options: ChaosOptions = {}): ChaosStore {
  const { seed = 1, lostAnswers = 0, refusals = 0, maxDelayMs = 0, clock = createEagerClock() } = options;
  if (!(lostAnswers >= 0 && refusals >= 0 && lostAnswers + refusals < 1))
    throw new InvalidInputError('options', 'lostAnswers and refusals are shares that stay below 1 together');
  const random = createRandom(seed);
  const faults: string[] = [];
  const queue = createAppendQueue(store.logs, clock.now);
  let expiries: Expiry[] = [];
  let holding = false;
  let count = 0;

  const wait = async (ms: number) => {
    if (ms > 0) await new Promise<void>((resolve) => clock.after(ms, resolve));
  };
  const fault = (number: number, name: string, what: string) => {
    faults.push(`${number} ${name} ${what}`);
    return new StoreUnavailableError(what === 'lost' ? 'the answer was lost' : 'the call was refused');
  };
  const lapse = async (target: Expiry['target'], key: Key) => {
    const due = expiries.find((item) => item.target === target && item.name === JSON.stringify(key));
    if (!due || due.callsLeft-- > 0) return;
    expiries = expiries.filter((item) => item !== due);
    await (target === 'log' ? store.logs.delete(key) : store.documents.delete(key, { expect: 'any' }));
  };
  /** Drawn when the call is made, so that the faults do not depend on how the calls interleave. */
  const draw = (name: string) => {
    const number = ++count;
    const dice = random();
    return {
      before: Math.floor(random() * (maxDelayMs + 1)),
      after: Math.floor(random() * (maxDelayMs + 1)),
      refusal: dice < refusals ? () => fault(number, name, 'refused') : undefined,
      loss: dice >= 1 - lostAnswers ? () => fault(number, name, 'lost') : undefined,
      /** Of a reading: how many items come before it breaks. */
      items: Math.floor(random() * 10),
    };
  };

  async function call<T>(
    target: Expiry['target'],
    name: string,
    key: Key,
    io: IoOptions | undefined,
    run: () => Promise<T>,
  ): Promise<T> {
    const { before, after, refusal, loss } = draw(`${target}s.${name}`);
    await wait(before);
    io?.signal?.throwIfAborted();
    if (refusal) throw refusal();
    await lapse(target, key);
    const answer = await run();
    await wait(after);
    if (loss) throw loss();
    return answer;
  }

  async function* reading<T>(
    target: Expiry['target'],
    name: string,
    key: Key,
    run: () => AsyncIterable<T>,
  ): AsyncGenerator<T, void, undefined> {
    const { before, refusal, loss, items } = draw(`${target}s.${name}`);
    await wait(before);
    if (refusal) throw refusal();
    await lapse(target, key);
    let left = items;
    for await (const item of run()) {
      if (loss && left-- === 0) throw loss();
      yield item;
    }
  }

  const stored = <T>(run: () => Promise<T>) => {
    if (holding) throw new StoreUnavailableError('it only queues appends');
    return run();
  };
  const { documents, logs } = store;
  return Object.freeze<ChaosStore>({
    ...store,
    supports: Object.freeze({ ...store.supports, pending: true }),
    documents: Object.freeze<Store['documents']>({
      get: (key, io) => call('document', 'get', key, io, () => documents.get(key, io)),
      put: (key, value, io) =>
        call('document', 'put', key, io, () => stored(() => documents.put(key, value, io))),
      delete: (key, io) => call('document', 'delete', key, io, () => stored(() => documents.delete(key, io))),
      list: (prefix, io) => reading('document', 'list', prefix, () => documents.list(prefix, io)),
    }),
    logs: Object.freeze<Store['logs']>({
      append: (key, entries, io) =>
        call('log', 'append', key, io, () =>
          holding ? queue.append(key, entries, io) : logs.append(key, entries, io),
        ),
      read: (key, io) =>
        reading('log', 'read', key, () => (holds(key) ? queue.read(key, io) : logs.read(key, io))),
      head: (key, io) =>
        call<Awaited<ReturnType<typeof logs.head>>>('log', 'head', key, io, () =>
          holds(key) ? queue.head(key) : logs.head(key, io),
        ),
      rewrite: (key, entries, io) =>
        call('log', 'rewrite', key, io, () => stored(() => logs.rewrite(key, entries, io))),
      delete: (key, io) => call('log', 'delete', key, io, () => stored(() => logs.delete(key, io))),
      list: (prefix, io) => reading('log', 'list', prefix, () => logs.list(prefix, io)),
    }),
    async close(io) {
      const report = await store.close(io);
      return { unsaved: [...report.unsaved, ...queue.unsaved()] };
    },
    chaos: Object.freeze<ChaosControls>({
      faults,
      holdAppends() {
        holding = true;
      },
      async releaseAppends() {
        await queue.release();
        holding = false;
      },
      expire(target, key, afterCalls = 0) {
        encodeKey(key);
        expiries.push({ target, name: JSON.stringify(key), callsLeft: afterCalls });
      },
    }),
  });

  function holds(key: Key): boolean {
    return holding && Array.isArray(key) && queue.has(key);
  }
}
