import { ConflictError, type DocumentStore, type IoOptions, type Key, randomId } from '@loci/core';
import { createCipher } from './cipher.js';
import type { Keys } from './keys.js';
import type { Tally } from './tally.js';

const attempts = 20;

/** Encrypts one document anew, unless it has the current key. */
export async function rotateDocument(
  documents: DocumentStore,
  keys: Keys,
  key: Key,
  io: IoOptions,
  tally: Tally,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      const found = await documents.get(key, io);
      if (!found) return;
      // A queued value has not met what the server holds yet.
      if (found.pending) return tally.fail({ kind: 'document', key, code: 'PENDING' });
      const cipher = createCipher(keys, key, io);
      if (await cipher.isCurrent({ key }, found.value)) return tally.count('current');
      const text = JSON.stringify(await cipher.open({ key }, found.value));
      // A repeat after a lost answer finds the current key, so no operation id needs to be kept.
      const options = { expect: { version: found.version }, operationId: randomId(), ...io };
      await documents.put(key, await cipher.seal({ key }, text), options);
      return tally.count('documents');
    } catch (error) {
      if (ConflictError.isInstance(error) && attempt < attempts) continue;
      return tally.failWith('document', key, error);
    }
  }
}
