import { createMemory } from './create-memory.js';
import { checkOptions, type MemoryOptions } from './memory-options.js';
import type { TypedMemory } from './typed-memory.js';

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
  return createMemory(checkOptions(options));
}
