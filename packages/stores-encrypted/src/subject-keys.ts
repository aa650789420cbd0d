import {
  type Clock,
  ConflictError,
  checkKey,
  InvalidInputError,
  type IoOptions,
  type Key,
  LociError,
  type Store,
  StoreUnavailableError,
  randomId as secureId,
  systemClock,
  type Version,
} from '@loci/core';
import { checkKeyId, checkKeys, checkStore } from './check-options.js';
import { encrypted } from './encrypted.js';
import type { CurrentKey, Keys } from './keys.js';
import { type RotateOptions, type RotationReport, rotate } from './rotate.js';
import { createSubjectCache, type LoadedSubject } from './subject-cache.js';
import { parseSubject, type SubjectRecord, toDocument } from './subject-record.js';
import { toCryptoKey } from './to-crypto-key.js';

export interface SubjectKeysOptions {
  /** Where the keys of the subjects are kept. Not one that queues writes. It is not closed with the encrypted store. */
  readonly store: Store;
  /** Encrypt the keys of the subjects; a `keyRing`, or your key management service. */
  readonly masterKeys: Keys;
  /** Whose record it is: 1–512 bytes of UTF-8. The same key must always give the same subject. */
  readonly subjectOf: (key: Key) => string;
  /** Under which key the documents lie. @default ['loci-subject-keys'] */
  readonly prefix?: Key;
  /**
   * How long a key is used without looking into the store, and so how long other processes may go on with a key that
   * was destroyed here. 0: every call looks.
   * @default 60_000
   */
  readonly cacheMs?: number;
  /** @default systemClock */
  readonly clock?: Clock;
  /** Makes the ids of keys; must never answer the same twice. @default randomId of `@loci/core` */
  readonly randomId?: () => string;
}

/** A key for every subject. Destroying it erases all that was written for the subject, wherever copies of it are. */
export interface SubjectKeys extends Keys {
  /**
   * Destroys the key of a subject: what it covers gives `KeyErasedError` from now on, here at once and in other
   * processes after `cacheMs` at the latest. What is written later gets a new key. Resolves whether there was one.
   */
  destroy(subject: string, options?: IoOptions): Promise<boolean>;
  /** Encrypts the keys of the subjects anew that are not under the current master key; see `rotate`. */
  rotateMaster(options?: Omit<RotateOptions, 'keys' | 'prefix'>): Promise<RotationReport>;
}

const attempts = 20;

/**
 * Keys per subject, made when they are first needed and kept encrypted in a store. Does no I/O until then.
 *
 * @example
 * const keys = subjectKeys({ store: keyStore, masterKeys, subjectOf: ([tenant, user]) => `${tenant}/${user}` });
 * const store = encrypted(inner, { keys });
 * await keys.destroy('acme/ada');
 */
export function subjectKeys(options: SubjectKeysOptions): SubjectKeys {
  const settings = checkOptions(options);
  const { store, masterKeys, subjectOf, prefix, clock, randomId } = settings;
  const { documents } = encrypted(store, { keys: masterKeys });
  const nameOf = (subject: string): Key => [...prefix, subject];
  const subjectFor = (key: Key) => checkKeyId(subjectOf(key), 'options.subjectOf()');

  const read = async (
    subject: string,
    io: IoOptions,
  ): Promise<{ record: SubjectRecord; version?: Version }> => {
    const found = await documents.get(nameOf(subject), io);
    if (!found) return { record: { erased: [] } };
    return { record: parseSubject(nameOf(subject), found.value), version: found.version };
  };
  const write = async (
    subject: string,
    record: SubjectRecord,
    version: Version | undefined,
    io: IoOptions,
  ) => {
    const expect = version === undefined ? 'absent' : { version };
    await documents.put(nameOf(subject), toDocument(record), { expect, operationId: randomId(), ...io });
  };
  const load = async ({ current, erased }: SubjectRecord): Promise<LoadedSubject> => ({
    erased: new Set(erased),
    ...(current && { current: { id: current.id, key: await toCryptoKey(current.bytes, 'key') } }),
  });
  const cache = createSubjectCache(settings.cacheMs, clock);

  /** Somebody else may do the same at this moment: whoever writes first is right. */
  const contend = async <T>(attempt: () => Promise<T>): Promise<T> => {
    for (let left = attempts; ; left--) {
      try {
        return await attempt();
      } catch (error) {
        if (!ConflictError.isInstance(error)) throw error;
        if (left === 1)
          throw new StoreUnavailableError('the key of a subject changes again and again', error);
      }
    }
  };
  const make = (subject: string) =>
    contend(async () => {
      const { record, version } = await read(subject, {});
      if (record.current) return load(record);
      const bytes = crypto.getRandomValues(new Uint8Array(32));
      const made = { ...record, current: { id: randomId(), bytes } };
      await write(subject, made, version, {});
      return load(made);
    });

  return Object.freeze<SubjectKeys>({
    async current(key) {
      const subject = subjectFor(key);
      const found = await cache.get(subject, () => make(subject));
      // What was only read may have no key, because it was destroyed.
      const { current } = found.current ? found : await cache.renew(subject, () => make(subject));
      return current as CurrentKey;
    },
    async get(id, key) {
      const subject = subjectFor(key);
      const look = async () => load((await read(subject, {})).record);
      const found = await cache.get(subject, look);
      // Another process may have made it since this one looked.
      const known = isKnown(found, id) ? found : await cache.renew(subject, look);
      if (known.current?.id === id) return known.current.key;
      return known.erased.has(id) ? 'erased' : undefined;
    },
    async destroy(subject, io = {}) {
      checkKeyId(subject, 'subject');
      try {
        return await contend(async () => {
          const { record, version } = await read(subject, io);
          if (!record.current) return false;
          await write(subject, { erased: [...record.erased, record.current.id] }, version, io);
          return true;
        });
      } catch (error) {
        // A key that cannot be read must be erasable all the same; its records then give `KeyMissingError`.
        if (!LociError.isInstance(error) || !unreadable.includes(error.code)) throw error;
        return await documents.delete(nameOf(subject), { expect: 'any', ...io });
      } finally {
        cache.forget(subject);
      }
    },
    rotateMaster: (rotateOptions = {}) => rotate(store, { ...rotateOptions, keys: masterKeys, prefix }),
  });
}

const unreadable = ['DAMAGED_RECORD', 'DECRYPTION', 'KEY_MISSING', 'KEY_ERASED'];

function isKnown({ current, erased }: LoadedSubject, id: string): boolean {
  return current?.id === id || erased.has(id);
}

function checkOptions(options: SubjectKeysOptions) {
  const { store, subjectOf, prefix = ['loci-subject-keys'], cacheMs = 60_000 } = options ?? {};
  const { clock = systemClock, randomId = secureId } = options ?? {};
  checkStore(store, 'options.store');
  if (store.supports?.pending)
    throw new InvalidInputError('options.store', 'queues writes, so a key could be used that is lost later');
  const masterKeys = checkKeys(options.masterKeys, 'options.masterKeys');
  if (typeof subjectOf !== 'function') throw new InvalidInputError('options.subjectOf', 'is not a function');
  if (!(Number.isFinite(cacheMs) && cacheMs >= 0))
    throw new InvalidInputError('options.cacheMs', 'is not a finite number from 0');
  checkKey(prefix);
  // A subject is one more segment.
  checkKey([...prefix, '']);
  return { store, masterKeys, subjectOf, prefix: [...prefix], cacheMs, clock, randomId };
}
