import { type Store, StoreClosedError, StoreUnavailableError } from '@loci/core';
import { JournalInUseError } from '../journal-in-use-error.js';
import type { Link } from '../link.js';
import type { Settings } from '../options.js';
import type { QueuedWrite } from '../queue/queued-write.js';
import type { Session } from '../session.js';
import type { Context, Done } from './context.js';
import { sendAppend, sendLogDelete } from './send-append.js';
import { sendDelete } from './send-delete.js';
import { sendPut } from './send-put.js';

/** Hands the queue to the server, one write after the other, in the order of the calls. */
export interface Delivery {
  /** Begins where it has not begun and there is something to deliver. */
  start(): void;
  /** Resolves whether the queue is empty, which it awaits for so many milliseconds and while the server is there. */
  drained(session: Session, ms: number): Promise<boolean>;
  /** Resolves when it has ended. */
  stop(): Promise<void>;
}

export function createDelivery(
  store: Store,
  settings: Settings,
  link: () => Link,
  session: () => Session | undefined,
): Delivery {
  const { clock, onEvent, serverMs, probeDelayMs } = settings;
  const stopping = new AbortController();
  const waiters = new Set<() => void>();
  let running: Promise<void> | undefined;
  let cancel: (() => void) | undefined;

  async function run(current: Session): Promise<void> {
    const context: Context = {
      store,
      settings,
      session: current,
      ask: (key, call) => link().ask(key, serverMs, stopping.signal, call),
    };
    while (!stopping.signal.aborted && !link().away && !current.lost) {
      const write = current.queue.first();
      if (!write) return;
      let done: Done;
      try {
        await current.lease.hold();
        done = await send(context, write);
      } catch (error) {
        if (isInterruption(error) || stopping.signal.aborted || current.lost) throw error;
        await current.aside.refuse(write, error);
        await current.lock(async () => current.queue.take(write));
        await current.queue.forget(write);
        continue;
      }
      await current.lock(async () => {
        await done.note();
        current.queue.take(write);
      });
      const { key, operationId } = write;
      onEvent({ type: 'write-delivered', key, operationId, outcome: done.outcome });
      // The copy first: what is in neither would be lost from sight by a crash.
      await current.cache.flush();
      await current.queue.forget(write);
    }
  }

  function start(): void {
    const current = session();
    if (running || !current || current.queue.size === 0 || link().away || stopping.signal.aborted) return;
    running = run(current)
      .catch((error: unknown) => {
        // It was the journal: the server's absence ends with a probe, this with nothing but another attempt.
        if (link().away || stopping.signal.aborted || current.lost) return;
        onEvent({ type: 'journal-failed', error });
        cancel = clock.after(probeDelayMs, start);
      })
      .finally(() => {
        running = undefined;
        for (const wake of waiters) wake();
        if (!cancel) start();
        cancel = undefined;
      });
  }

  return {
    start,
    async drained(current, ms) {
      if (current.queue.size === 0) return true;
      start();
      const late = Promise.withResolvers<void>();
      const stop = clock.after(ms, late.resolve);
      waiters.add(late.resolve);
      await late.promise;
      waiters.delete(late.resolve);
      stop();
      return current.queue.size === 0;
    },
    async stop() {
      stopping.abort(new StoreClosedError());
      cancel?.();
      await running;
    },
  };
}

function send(context: Context, write: QueuedWrite): Promise<Done> {
  if (write.op === 'put') return sendPut(context, write);
  if (write.op === 'delete') return sendDelete(context, write);
  if (write.op === 'append') return sendAppend(context, write);
  return sendLogDelete(context, write);
}

/** Not an answer about this write. */
function isInterruption(error: unknown): boolean {
  return (
    StoreUnavailableError.isInstance(error) ||
    StoreClosedError.isInstance(error) ||
    JournalInUseError.isInstance(error)
  );
}
