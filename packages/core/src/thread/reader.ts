import { PendingError } from '../errors/pending-error.js';
import type { Key, Store } from '../store/store.js';
import type { Entry } from './entry.js';
import { LogMoved, openLogWindow } from './log-window.js';
import { lookBack, type Scene } from './look-back.js';
import { fromLog } from './parse-entry.js';
import { readMarks } from './redact.js';
import type { EntriesOptions, Fold, ThreadReader, ViewOptions } from './thread.js';
import { toView } from './to-view.js';

export interface Reader extends ThreadReader {
  /** Looks at the end of the log, so that what a newer version wrote is noticed. */
  refresh(): Promise<void>;
  scene(): Promise<Scene & { readonly head: number; readonly pending: boolean }>;
}

interface FoldState {
  state: unknown;
  seq: number;
  epoch: string | undefined;
}

/** How often a look begins again because the log was deleted or expired under it. */
const maxAttempts = 5;

/** The reading half of a thread, up to and with `limit`. */
export function openReader(store: Store, key: Key, limit = Number.POSITIVE_INFINITY): Reader {
  const log = openLogWindow(store, key, limit);
  const isPast = limit !== Number.POSITIVE_INFINITY;
  const folds = new Map<string, FoldState>();
  let queue: Promise<unknown> = Promise.resolve();

  /** One at a time: what one call reads, the next one has. */
  function inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = queue.then(run);
    queue = result.catch(() => undefined);
    return result;
  }

  const look = async (turnId?: string, attempt = 1): Promise<Scene> => {
    try {
      await log.refresh();
      const scene = await lookBack(
        log,
        turnId,
        // An earlier state is shown without what was redacted since: it reaches back.
        isPast ? await readMarks(store, key, limit + 1) : undefined,
      );
      log.trim(scene.from);
      const last = await log.at(log.head);
      if (isPast && last?.pending) throw new PendingError(key);
      return scene;
    } catch (error) {
      if (error instanceof LogMoved && attempt < maxAttempts) return look(turnId, attempt + 1);
      throw error;
    }
  };

  async function* entries(options: EntriesOptions = {}): AsyncGenerator<Entry, void, undefined> {
    const to = Math.min(options.to ?? limit, limit);
    const range = to === Number.POSITIVE_INFINITY ? options : { ...options, to };
    for await (const stored of store.logs.read(key, range)) yield fromLog(key, stored);
  }

  async function advance<S>(fold: Fold<S>): Promise<S> {
    await log.refresh();
    let held = folds.get(fold.name);
    if (held?.epoch !== log.epoch || (held && held.seq > log.head)) held = undefined;
    const resumed = held !== undefined;
    held ??= { state: fold.initial(), seq: 0, epoch: log.epoch };
    let pending = false;
    for await (const entry of entries({ from: held.seq + 1 })) {
      pending ||= entry.pending ?? false;
      // What was folded before may hold text that is gone now: fold again what is left.
      if (entry.kind === 'redaction' && resumed) {
        folds.delete(fold.name);
        return advance(fold);
      }
      held = { state: fold.apply(held.state as S, entry), seq: entry.seq, epoch: log.epoch };
    }
    // A state that queued entries are in cannot be gone on with: they are stored later, perhaps elsewhere.
    if (pending) folds.delete(fold.name);
    else folds.set(fold.name, held);
    return held.state as S;
  }

  return Object.freeze({
    key,
    entries,
    view: (options: ViewOptions = {}) =>
      inTurn(async () => toView(await look(options.turnId), log.head, options)),
    openTurns: () => inTurn(async () => (await look()).openTurns),
    fold: <S>(fold: Fold<S>) => inTurn(() => advance(fold)),
    refresh: () =>
      inTurn(async () => {
        await log.refresh();
        await log.at(log.head);
      }),
    scene: () =>
      inTurn(async () => {
        const scene = await look();
        return { ...scene, head: log.head, pending: (await log.at(log.head))?.pending ?? false };
      }),
  });
}
