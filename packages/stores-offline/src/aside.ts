import { DamagedRecordError, type JsonValue, type Key, LociError } from '@loci/core';
import { readFields } from './fields.js';
import type { MergeConflict, MergePath } from './merge/merge-json.js';
import { places } from './names.js';
import type { KeptConflict, RefusedWrite } from './offline-store.js';
import type { Settings } from './options.js';
import type { DamagedWrite } from './queue/queue.js';
import { type QueuedWrite, toRecord } from './queue/queued-write.js';

/** What is not delivered and not lost: refused writes, and what gave way in a merge. */
export interface Aside {
  readonly conflictCount: number;
  refusedList(): readonly Omit<RefusedWrite, 'write'>[];
  refuse(write: QueuedWrite, error: unknown): Promise<void>;
  /** Replaces what was kept for the same write before: it is merged again where the record changed meanwhile. */
  keep(write: QueuedWrite, conflicts: readonly MergeConflict[]): Promise<void>;
  refused(): Promise<RefusedWrite[]>;
  conflicts(): Promise<KeptConflict[]>;
  discard(id: string): Promise<boolean>;
}

export async function loadAside(settings: Settings, damaged: readonly DamagedWrite[]): Promise<Aside> {
  const { journal, onEvent, randomId } = settings;
  const refusedIds = new Map<string, Omit<RefusedWrite, 'write'>>();
  const conflictIds = new Set<string>();

  for await (const { key: place } of journal.documents.list(places.conflicts)) conflictIds.add(idOf(place));
  for (const { place, error } of damaged) {
    refusedIds.set(idOf(place), {
      id: idOf(place),
      key: place,
      operationId: '',
      reason: reasonOf(error),
      at: 0,
    });
    onEvent({ type: 'record-damaged', key: place, error });
  }
  for await (const { key: place } of journal.documents.list(places.refused)) {
    const { write: _, ...listed } = await readRefused(place);
    refusedIds.set(idOf(place), listed);
  }

  async function readRefused(place: Key): Promise<RefusedWrite> {
    const id = idOf(place);
    try {
      const data = (await journal.documents.get(place))?.value;
      const fields = readFields(place, data);
      const { key, at, operationId } = {
        key: fields.record('write').key('key'),
        at: fields.record('write').number('at'),
        operationId: fields.record('write').text('operationId'),
      };
      return { id, key, operationId, at, reason: fields.text('reason'), write: fields.json('write') };
    } catch (error) {
      if (!DamagedRecordError.isInstance(error)) throw error;
      return { id, key: place, operationId: '', reason: reasonOf(error), at: 0, write: null };
    }
  }
  const put = (place: Key, value: JsonValue) =>
    journal.documents.put(place, value, { expect: 'any', operationId: randomId() });

  return {
    get conflictCount() {
      return conflictIds.size;
    },
    refusedList: () => [...refusedIds.values()],
    async refuse(write, error) {
      const { id, key, operationId, at } = write;
      const reason = reasonOf(error);
      await put([...places.refused, id], { reason, write: toRecord(write) });
      refusedIds.set(id, { id, key, operationId, reason, at });
      onEvent({ type: 'write-refused', id, key, operationId, error });
    },
    async keep({ id, key, operationId, at }, conflicts) {
      const kept = conflicts.map((conflict) => JSON.parse(JSON.stringify(conflict)) as JsonValue);
      if (kept.length === 0 && !conflictIds.has(id)) return;
      const place = [...places.conflicts, id];
      if (kept.length === 0) {
        await journal.documents.delete(place, { expect: 'any' });
        conflictIds.delete(id);
        return;
      }
      await put(place, { key: [...key], operationId, at, conflicts: kept });
      conflictIds.add(id);
      for (const { path } of conflicts) onEvent({ type: 'conflict-kept', id, key, path });
    },
    async refused() {
      const all: RefusedWrite[] = [];
      for (const listed of refusedIds.values()) {
        const isDamaged = damaged.some(({ place }) => idOf(place) === listed.id);
        all.push(isDamaged ? { ...listed, write: null } : await readRefused([...places.refused, listed.id]));
      }
      return all.sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    async conflicts() {
      const all: KeptConflict[] = [];
      for (const id of [...conflictIds].sort()) {
        const place = [...places.conflicts, id];
        const fields = readFields(place, (await journal.documents.get(place))?.value);
        const common = {
          id,
          key: fields.key('key'),
          operationId: fields.text('operationId'),
          at: fields.number('at'),
        };
        for (const item of fields.list('conflicts')) {
          const side = (name: 'base' | 'ours' | 'theirs') => item.optional(name, item.json);
          const path = parsePath(place, item.json('path'));
          all.push({ ...common, path, base: side('base'), ours: side('ours'), theirs: side('theirs') });
        }
      }
      return all;
    },
    async discard(id) {
      const isDamaged = damaged.find(({ place }) => idOf(place) === id && refusedIds.has(id));
      const place = isDamaged?.place ?? [...(refusedIds.has(id) ? places.refused : places.conflicts), id];
      if (!refusedIds.has(id) && !conflictIds.has(id)) return false;
      await journal.documents.delete(place, { expect: 'any' });
      if (!refusedIds.delete(id)) conflictIds.delete(id);
      return true;
    },
  };
}

function idOf(place: Key): string {
  return place.at(-1) ?? '';
}

/** Without what a stranger's error may quote. */
function reasonOf(error: unknown): string {
  if (LociError.isInstance(error)) return error.message;
  return error instanceof Error ? error.name : 'something was thrown that is no error';
}

function parsePath(place: Key, data: JsonValue): MergePath {
  const damaged = () => readFields(place, {}).damaged('its path is not one');
  if (!Array.isArray(data)) throw damaged();
  return data.map((step) => {
    if (typeof step === 'string') return step;
    const id = readFields(place, step).json('id');
    if (typeof id !== 'string' && typeof id !== 'number') throw damaged();
    return { id };
  });
}
