import { deepFreeze, InvalidInputError, type JsonValue, toJsonText } from '@loci/core';
import { sameJson } from '../value/same-json.js';
import type { Snapshot } from '../value/snapshot.js';
import type { PatchOperation } from '../value/to-patch.js';
import { createBatch } from './batch.js';
import { change } from './change.js';
import { clearRecord } from './clear-record.js';
import { createHooks } from './hooks.js';
import { type Settings, wantWait } from './memory-options.js';
import { type Plan, planImport, planSet, planUpdate } from './plan.js';
import { createQueue } from './queue.js';
import type { MemoryRecord } from './record.js';
import { createStateReader } from './state.js';
import { createStatistics } from './statistics.js';
import { exportAs, readImport } from './transfer.js';
import type { MemoryChange, TypedMemory } from './typed-memory.js';
import { abortable } from './wait.js';
import { checkWatch, watchStored } from './watch.js';

/** A memory of options that are checked. */
export function createMemory<Input, Value>(checked: Settings): TypedMemory<Value, Input> {
  const { key, clock } = checked;
  const statistics = createStatistics(clock, checked.counter);
  const settings: Settings = {
    ...checked,
    onEvent(event) {
      statistics.note(event);
      checked.onEvent(event);
    },
  };
  const { onEvent } = settings;
  const reader = createStateReader(settings);
  const queue = createQueue();
  const hooks = createHooks<MemoryChange<Value>>((error) => onEvent({ type: 'hook-failed', key, error }));
  const batch = createBatch(settings, (plan) =>
    queue.run(() => change(settings, reader, plan, {}, tell), undefined),
  );
  // The schema accepted every value that gets here, and says that it is of its output type then.
  const toSnapshot = ({ value }: { readonly value: JsonValue }) => value as Snapshot<Value>;

  function tell(before: MemoryRecord, { record, isChange, patch }: Omit<Plan, 'bytes' | 'changes'>): void {
    if (!isChange) return;
    const whole: PatchOperation = { op: 'replace', path: '', value: record.value };
    const parts = deepFreeze({ patch: patch ?? [whole] });
    hooks.tell(Object.freeze({ old: toSnapshot(before), new: toSnapshot(record), ...parts }));
  }

  /** After everything that was asked for before. */
  function inTurn<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    batch.send();
    return queue.run(work, signal);
  }

  return Object.freeze<TypedMemory<Value, Input>>({
    key,
    async get(io = {}) {
      return toSnapshot((await abortable(reader.read(io), io.signal)).record);
    },
    async set(value, io = {}) {
      // What the caller does to it while this waits for its turn does not matter.
      const plan = planSet(settings, toJsonText(value));
      return toSnapshot(await inTurn(() => change(settings, reader, plan, io, tell), io.signal));
    },
    async update(recipe, { coalesceMs = settings.coalesceMs, ...io } = {}) {
      checkFunction(recipe, 'recipe');
      wantWait(coalesceMs, 'options.coalesceMs');
      if (coalesceMs > 0) return toSnapshot(await batch.add(recipe, io.signal, coalesceMs));
      const plan = planUpdate(settings, recipe);
      return toSnapshot(await inTurn(() => change(settings, reader, plan, io, tell), io.signal));
    },
    async clear(io = {}) {
      await inTurn(async () => {
        const old = await clearRecord(settings, reader, io);
        if (!old) return;
        onEvent({ type: 'memory-cleared', key });
        const { record } = await reader.parse(undefined);
        tell(old, { record, isChange: !sameJson(old.value, record.value) });
      }, io.signal);
    },
    onChange(hook) {
      checkFunction(hook, 'hook');
      return hooks.add(hook);
    },
    watch({ signal, pollMs, from }) {
      const last =
        from === undefined ? undefined : (JSON.parse(toJsonText(from, 'options.from')) as JsonValue);
      const watching = { signal, pollMs, from: last };
      checkWatch(settings, watching);
      return watchStored(settings, reader, watching) as AsyncGenerator<MemoryChange<Value>>;
    },
    async statistics(io = {}) {
      return statistics.of((await abortable(reader.read(io), io.signal)).record, io);
    },
    async exportMemory({ schemaVersion, ...io } = {}) {
      const { record } = await abortable(reader.read(io), io.signal);
      return deepFreeze(await exportAs(settings, record, schemaVersion));
    },
    async importMemory(data, io = {}) {
      const imported = await readImport(settings, data);
      const plan = planImport(settings, imported);
      return toSnapshot(await inTurn(() => change(settings, reader, plan, io, tell), io.signal));
    },
    async flush({ signal } = {}) {
      const settle = async () => {
        let last: Promise<unknown>;
        do {
          batch.send();
          last = queue.last();
          await last;
          await hooks.idle();
        } while (last !== queue.last() || batch.isWaiting());
      };
      await abortable(settle(), signal);
    },
  });
}

function checkFunction(value: unknown, path: string): void {
  if (typeof value !== 'function') throw new InvalidInputError(path, 'is not a function');
}
