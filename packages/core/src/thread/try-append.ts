import { ConflictError } from '../errors/conflict-error.js';
import type { AppendOptions, AppendReceipt, Key, LogAppend, Store } from '../store/store.js';

/** Appends where the log is as expected; `undefined` where it is not, and nothing was written. */
export async function tryAppend(
  store: Store,
  key: Key,
  entries: readonly LogAppend[],
  options: AppendOptions,
): Promise<AppendReceipt | undefined> {
  try {
    return await store.logs.append(key, entries, options);
  } catch (error) {
    if (ConflictError.isInstance(error)) return undefined;
    throw error;
  }
}
