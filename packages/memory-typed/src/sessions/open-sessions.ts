import { checkKey, type IoOptions } from '@loci/core';
import { type DeleteInactiveReport, deleteInactive } from '@loci/core/maintenance';
import { createMemory } from '../memory/create-memory.js';
import { checkOptions, type Settings, want, wantCount } from '../memory/memory-options.js';
import { createStateReader } from '../memory/state.js';
import { abortable } from '../memory/wait.js';
import type { Snapshot } from '../value/snapshot.js';
import { listSessions } from './list-sessions.js';
import { placeOf, placesBelow } from './session-key.js';
import type { Session, Sessions, SessionsOptions } from './sessions.js';

/**
 * Opens the sessions below a key: named memories of one schema. Does no I/O. Throws `InvalidInputError` or
 * `InvalidKeyError` where an option cannot be used.
 *
 * @example
 * const sessions = openSessions({ schema, initial, store, key: ['sessions'], ttlMs: 24 * 3600 * 1000 });
 * await sessions.save('user123_session1', { notes: [] });
 * const session = await sessions.open('user123_session1');
 */
export function openSessions<Input, Value>(options: SessionsOptions<Input, Value>): Sessions<Value, Input> {
  const settings = checkOptions(options);
  const { clearAtEnd = false } = options;
  const { key: prefix, store, clock } = settings;
  want(typeof clearAtEnd === 'boolean', 'options.clearAtEnd', 'is neither true nor false');
  for (const place of placesBelow(prefix)) checkKey([...place, '']);
  want(typeof store.documents.list === 'function', 'options.store', 'is not a store');

  const settingsOf = async (id: string): Promise<Settings> => ({
    ...settings,
    ...(await placeOf(prefix, id)),
  });

  async function open(id: string): Promise<Session<Value, Input>> {
    const memory = createMemory<Input, Value>(await settingsOf(id));
    return Object.freeze({
      ...memory,
      id,
      async end(io: IoOptions = {}) {
        await memory.flush(io);
        if (clearAtEnd) await memory.clear(io);
        await memory.flush(io);
      },
    });
  }

  return Object.freeze<Sessions<Value, Input>>({
    open,
    async save(id, value, io) {
      return (await open(id)).set(value, io);
    },
    async load(id, io = {}) {
      const { isStored, record } = await abortable(
        createStateReader(await settingsOf(id)).read(io),
        io.signal,
      );
      // The schema accepted it, and says that it is of its output type then.
      return isStored ? (record.value as Snapshot<Value>) : undefined;
    },
    list: (listing = {}) => listSessions(settings, listing),
    async delete(id, io = {}) {
      return store.documents.delete((await placeOf(prefix, id)).key, { ...io, expect: 'any' });
    },
    async deleteInactive({ limit = 100, ...rest }) {
      wantCount(limit, 'options.limit');
      const failed: DeleteInactiveReport['failed'][number][] = [];
      let deleted = 0;
      let more = false;
      for (const place of placesBelow(prefix)) {
        if (deleted === limit) break;
        const found = await deleteInactive(store, { ...rest, prefix: place, limit: limit - deleted, clock });
        deleted += found.documents.length;
        failed.push(...found.failed);
        more = found.more;
      }
      return { deleted, failed, more };
    },
  });
}
