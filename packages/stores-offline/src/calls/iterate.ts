import type { IoOptions, Key } from '@loci/core';
import type { Engine } from './engine.js';

/** The items of the server, each of them awaited no longer than the server's share of the deadline. */
export async function* ask<T>(
  { link, settings }: Engine,
  key: Key,
  io: IoOptions,
  start: (signal: AbortSignal) => AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  const stop = new AbortController();
  const items = start(stop.signal)[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const step = await link.ask(key, settings.serverMs, io.signal, async () => items.next());
      if (step.done) {
        ended = true;
        return;
      }
      yield step.value;
    }
  } finally {
    // A server that hangs is not waited for, here neither.
    if (!ended) {
      stop.abort();
      items.return?.()?.catch(() => {});
    }
  }
}
