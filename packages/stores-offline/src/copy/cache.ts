import { DamagedRecordError, encodeKey, type JsonValue, type Key, StoreUnavailableError } from '@loci/core';
import type { Settings } from '../options.js';

interface Held {
  readonly place: Key;
  readonly value: JsonValue | undefined;
}

/** How long a change of the copy may wait for others before it is written. */
const gatherMs = 20;
const mostHeld = 500;

/**
 * Records of the journal that are read through and written a little later, many changes of one as one. What was set is
 * what is read, written or not.
 */
export interface Cache {
  get(place: Key): Promise<JsonValue | undefined>;
  /** `undefined` deletes. */
  set(place: Key, value: JsonValue | undefined): void;
  /** Resolves when everything set before is written or has failed, which is an event. */
  flush(): Promise<void>;
  /** Writes nothing any more. */
  stop(): void;
}

export function createCache(settings: Settings): Cache {
  const { journal, clock, onEvent, randomId } = settings;
  const clean = new Map<string, Held>();
  const dirty = new Map<string, Held>();
  let writing: Promise<void> | undefined;
  let cancel: (() => void) | undefined;
  let stopped = false;

  function keep(name: string, held: Held): void {
    clean.delete(name);
    clean.set(name, held);
    const [oldest] = clean.keys();
    if (clean.size > mostHeld && oldest !== undefined) clean.delete(oldest);
  }

  async function write({ place, value }: Held): Promise<void> {
    const put = (expected: JsonValue) =>
      journal.documents.put(place, expected, { expect: 'any', operationId: randomId() });
    try {
      if (value === undefined) await journal.documents.delete(place, { expect: 'any' });
      else
        await put(value).catch(async (error: unknown) => {
          // A store does not write over a damaged record; of a copy there is nothing to be saved.
          if (!DamagedRecordError.isInstance(error)) throw error;
          await journal.documents.delete(place, { expect: 'any' });
          await put(value);
        });
    } catch (error) {
      onEvent({ type: 'journal-failed', error });
    }
  }

  async function writeAll(): Promise<void> {
    for (let [next] = dirty; next && !stopped; [next] = dirty) {
      const [name, held] = next;
      dirty.delete(name);
      keep(name, held);
      await write(held);
    }
  }

  function flush(): Promise<void> {
    cancel?.();
    cancel = undefined;
    writing ??= writeAll().finally(() => {
      writing = undefined;
    });
    return writing;
  }

  return {
    async get(place) {
      const name = encodeKey(place);
      const held = dirty.get(name) ?? clean.get(name);
      if (held) return held.value;
      const value = (await journal.documents.get(place))?.value;
      // It may have been set while the journal was asked.
      const set = dirty.get(name) ?? clean.get(name);
      if (set) return set.value;
      keep(name, { place, value });
      return value;
    },
    set(place, value) {
      if (stopped)
        throw new StoreUnavailableError('the journal is not in the hands of this process any more');
      const name = encodeKey(place);
      clean.delete(name);
      dirty.set(name, { place, value });
      cancel ??= clock.after(gatherMs, () => void flush());
    },
    flush,
    stop() {
      stopped = true;
      cancel?.();
      dirty.clear();
    },
  };
}
