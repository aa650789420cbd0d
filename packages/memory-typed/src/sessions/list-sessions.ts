import { hasPrefix, LociError, StoreClosedError, StoreUnavailableError } from '@loci/core';
import type { Settings } from '../memory/memory-options.js';
import { readName } from '../memory/record.js';
import { createStateReader } from '../memory/state.js';
import { idIn, placeOf, placesBelow } from './session-key.js';
import type { ListSessionsOptions, SessionListing } from './sessions.js';

/** One after the other, each with what `load` would say to it. */
export async function* listSessions(
  settings: Settings,
  { after, limit = Number.POSITIVE_INFINITY, signal }: ListSessionsOptions,
): AsyncGenerator<SessionListing, void, undefined> {
  const { store, key: prefix } = settings;
  const io = signal ? { signal } : {};
  const last = after === undefined ? {} : { after: (await placeOf(prefix, after)).key };
  let left = limit;
  for await (const { key, updatedAt, expiresAt } of store.documents.list(prefix, { ...io, ...last })) {
    if (left <= 0) return;
    const isSession =
      key.length === prefix.length + 2 && placesBelow(prefix).some((at) => hasPrefix(key, at));
    const found = isSession ? await look({ ...settings, key }, io) : undefined;
    if (!found) continue;
    left--;
    yield { key, updatedAt, ...(expiresAt === undefined ? {} : { expiresAt }), ...found };
  }
}

/** `undefined` where it was deleted meanwhile. */
async function look(
  settings: Settings,
  io: { readonly signal?: AbortSignal },
): Promise<Pick<SessionListing, 'id' | 'problem'> | undefined> {
  let id = idIn(settings.key);
  const name = () => (id === undefined ? {} : { id });
  try {
    const stored = await settings.store.documents.get(settings.key, io);
    if (!stored) return undefined;
    id ??= readName(stored.value);
    await createStateReader(settings).parse(stored.value);
    return name();
  } catch (error) {
    const isStores = StoreUnavailableError.isInstance(error) || StoreClosedError.isInstance(error);
    if (isStores || !LociError.isInstance(error)) throw error;
    return { ...name(), problem: error.code };
  }
}
