import { ConflictError, deepFreeze, InvalidInputError, type IoOptions, toJsonText } from '@loci/core';
import { checkValue } from './check-value.js';
import { createHooks } from './hooks.js';
import { checkOptions, type MemoryOptions } from './memory-options.js';
import { createQueue } from './queue.js';
import { createStateReader, type State } from './read-state.js';
import { createRecord, type MemoryRecord, parseRecord } from './record.js';
import { type Proposal, runRecipe } from './run-recipe.js';
import { sameJson } from './same-json.js';
import type { Snapshot } from './snapshot.js';
import type { PatchOperation } from './to-patch.js';
import type { MemoryChange, TypedMemory } from './typed-memory.js';
import { abortable, backOff } from './wait.js';
import { writeState } from './write-state.js';

/** What a change is to store. */
interface Plan {
  readonly record: MemoryRecord;
  readonly bytes: number;
  /** Whether the value becomes another one. */
  readonly isChange: boolean;
  /** Absent: the whole value is replaced. */
  readonly patch?: readonly PatchOperation[] | undefined;
}

/**
 * Opens a memory, whether or not anything is stored under the key yet. Does no I/O.
 *
 * Throws `InvalidInputError` or `InvalidKeyError` where an option cannot be used; the initial value is checked when it
 * is first needed.
 *
 * @example
 * const schema = z.object({ name: z.string(), visits: z.number() });
 * const memory = openMemory({ schema, initial: { name: 'Ada', visits: 0 }, store, key: ['visits', 'ada'] });
 * await memory.update((draft) => { draft.visits += 1; });
 */
export function openMemory<Input, Value>(options: MemoryOptions<Input, Value>): TypedMemory<Value, Input> {
  const settings = checkOptions(options);
  const { key, schema, recordSchema, maxBytes, maxAttempts, clock, onEvent } = settings;
  const read = createStateReader(settings);
  const queue = createQueue();
  const hooks = createHooks<MemoryChange<Value>>((error) => onEvent({ type: 'hook-failed', key, error }));
  // The schema accepted every value that gets here, and says that it is of its output type then.
  const toSnapshot = ({ value }: MemoryRecord) => value as Snapshot<Value>;

  /** Reads, plans and writes until nobody was faster; a plan of `undefined` writes nothing. */
  async function change(plan: (state: State) => Promise<Plan | undefined>, io: IoOptions) {
    for (let attempt = 1; ; attempt++) {
      const state = await read(io);
      const next = await abortable(plan(state), io.signal);
      if (!next) return toSnapshot(state.record);
      if (await writeState(settings, state, next.record, io)) {
        onEvent({ type: 'memory-saved', key, bytes: next.bytes });
        if (next.isChange) tell(state.record, next);
        return toSnapshot(next.record);
      }
      onEvent({ type: 'write-conflicted', key, attempt });
      if (attempt === maxAttempts) {
        throw new ConflictError(key, { reason: `others were faster ${maxAttempts} times in a row` });
      }
      await backOff(clock, attempt, io.signal);
    }
  }

  function tell(before: MemoryRecord, { record, patch }: Plan): void {
    const whole: PatchOperation = { op: 'replace', path: '', value: record.value };
    const parts = deepFreeze({ patch: patch ?? [whole] });
    hooks.tell(Object.freeze({ old: toSnapshot(before), new: toSnapshot(record), ...parts }));
  }

  /** Checks a proposal and dates it. */
  async function toPlan(before: MemoryRecord, { text, patch }: Proposal): Promise<Plan> {
    const checked = await checkValue(schema, text, maxBytes);
    const now = clock.now();
    const times = { createdAt: before.createdAt ?? now, updatedAt: now };
    return {
      record: createRecord({ schema: recordSchema, ...times, value: checked.value }),
      bytes: checked.bytes,
      isChange: !sameJson(checked.value, before.value),
      // Where the schema made something else of it, the recipe's patch does not describe that.
      patch: checked.isAsGiven ? patch : undefined,
    };
  }

  return Object.freeze<TypedMemory<Value, Input>>({
    key,
    async get(io = {}) {
      return toSnapshot((await abortable(read(io), io.signal)).record);
    },
    async set(value, io = {}) {
      // What the caller does to it while this waits for its turn does not matter.
      const text = toJsonText(value);
      const plan = async ({ record, expect }: State) => {
        const next = await toPlan(record, { text });
        return next.isChange || expect === 'absent' ? next : undefined;
      };
      return queue.run(() => change(plan, io), io.signal);
    },
    async update(recipe, io = {}) {
      checkFunction(recipe, 'recipe');
      const plan = async ({ record }: State) => {
        const proposal = await runRecipe(record.value, recipe);
        const next = proposal && (await toPlan(record, proposal));
        return next?.isChange ? next : undefined;
      };
      return queue.run(() => change(plan, io), io.signal);
    },
    onChange(hook) {
      checkFunction(hook, 'hook');
      return hooks.add(hook);
    },
    async exportMemory(io = {}) {
      return deepFreeze((await abortable(read(io), io.signal)).record);
    },
    async importMemory(data, io = {}) {
      const parsed = parseRecord(JSON.parse(toJsonText(data, 'data')), recordSchema);
      if ('problem' in parsed) {
        throw new InvalidInputError(`data.${parsed.problem.path}`, parsed.problem.reason);
      }
      const text = JSON.stringify(parsed.record.value);
      const plan = async ({ record: before, expect }: State) => {
        const { value, bytes } = await checkValue(schema, text, maxBytes);
        const record = { ...parsed.record, value };
        if (expect !== 'absent' && sameJson(record, before)) return undefined;
        return { record, bytes, isChange: !sameJson(value, before.value) };
      };
      return queue.run(() => change(plan, io), io.signal);
    },
    async flush({ signal } = {}) {
      const settle = async () => {
        let last: Promise<unknown>;
        do {
          last = queue.last();
          await last;
          await hooks.idle();
        } while (last !== queue.last());
      };
      await abortable(settle(), signal);
    },
  });
}

function checkFunction(value: unknown, path: string): void {
  if (typeof value !== 'function') throw new InvalidInputError(path, 'is not a function');
}
