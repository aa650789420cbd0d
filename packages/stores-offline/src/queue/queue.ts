import { DamagedRecordError, type Key, StoreUnavailableError } from '@loci/core';
import { type Name, places, queueId } from '../names.js';
import type { Settings } from '../options.js';
import { nameOf, parseWrite, type QueuedWrite, toRecord } from './queued-write.js';

/** The writes that wait for the server, in memory as in the journal, in the order of their calls. */
export interface Queue {
  readonly size: number;
  first(): QueuedWrite | undefined;
  /** Of one record. */
  of(name: Name): readonly QueuedWrite[];
  all(): Iterable<QueuedWrite>;
  /** Resolves when the journal has it. */
  add<Write extends QueuedWrite>(write: Omit<Write, 'id'>): Promise<void>;
  /** Writes down what has changed in it. */
  update(write: QueuedWrite): Promise<void>;
  /** Takes it out of what is seen from here; the journal has it until `forget`. */
  take(write: QueuedWrite): void;
  /** What could not be removed is removed with the next one, or delivered again: that changes nothing. */
  forget(write: QueuedWrite): Promise<void>;
}

export interface DamagedWrite {
  readonly place: Key;
  readonly error: unknown;
}

/** Reads what is in the journal. What cannot be read stays there and is handed to `onDamaged`. */
export async function loadQueue(
  settings: Settings,
  generation: number,
  onDamaged: (damaged: DamagedWrite) => void,
): Promise<Queue> {
  const { documents } = settings.journal;
  const found: QueuedWrite[] = [];
  for await (const { key: place } of documents.list(places.queue)) {
    try {
      const stored = await documents.get(place);
      if (stored) found.push(parseWrite(place, stored.value));
    } catch (error) {
      if (!DamagedRecordError.isInstance(error)) throw error;
      onDamaged({ place, error });
    }
  }
  return createQueue(settings, generation, found);
}

function createQueue(settings: Settings, generation: number, found: readonly QueuedWrite[]): Queue {
  const { journal, randomId, maxQueued } = settings;
  const waiting = new Map<string, QueuedWrite>();
  const byName = new Map<Name, QueuedWrite[]>();
  /** Records that are to be removed: delivered ones, and one of which it is not known whether it was written. */
  const leftovers = new Set<string>();
  let count = 0;

  const place = (id: string): Key => [...places.queue, id];
  const show = (write: QueuedWrite) => {
    waiting.set(write.id, write);
    const name = nameOf(write);
    byName.set(name, [...(byName.get(name) ?? []), write]);
  };
  async function clean(): Promise<void> {
    for (const id of leftovers) {
      await journal.documents.delete(place(id), { expect: 'any' });
      leftovers.delete(id);
    }
  }
  for (const write of found) show(write);

  return {
    get size() {
      return waiting.size;
    },
    first: () => waiting.values().next().value,
    of: (name) => byName.get(name) ?? [],
    all: () => waiting.values(),
    async add(draft) {
      if (waiting.size >= maxQueued)
        throw new StoreUnavailableError(`${maxQueued} writes are queued already, which is maxQueued`);
      await clean();
      const write = { ...draft, id: queueId(generation, ++count) } as QueuedWrite;
      try {
        await journal.documents.put(place(write.id), toRecord(write), {
          expect: 'absent',
          operationId: randomId(),
        });
      } catch (error) {
        // A write that was refused here must not be delivered by the next process.
        leftovers.add(write.id);
        throw error;
      }
      show(write);
    },
    async update(write) {
      await journal.documents.put(place(write.id), toRecord(write), {
        expect: 'any',
        operationId: randomId(),
      });
    },
    take(write) {
      waiting.delete(write.id);
      const name = nameOf(write);
      const rest = (byName.get(name) ?? []).filter((other) => other !== write);
      if (rest.length > 0) byName.set(name, rest);
      else byName.delete(name);
    },
    async forget(write) {
      leftovers.add(write.id);
      await clean();
    },
  };
}
