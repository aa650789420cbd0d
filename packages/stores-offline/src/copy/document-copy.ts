import type { JsonValue, Key, StoredDocument, Version } from '@loci/core';
import { readFields } from '../fields.js';
import { places } from '../names.js';
import type { Cache } from './cache.js';

const keptOperations = 32;

/** A document as the server had it when it was last seen from here. */
interface SeenDocument {
  readonly value: JsonValue;
  readonly version: Version;
  readonly updatedAt: number;
  readonly expiresAt?: number | undefined;
  /** Writes made from here and acknowledged, newest last. */
  readonly operations: readonly { readonly id: string; readonly version: Version }[];
}

/** `undefined`: never seen. */
type Seen = SeenDocument | 'absent' | undefined;

export interface DocumentCopy {
  get(key: Key): Promise<Seen>;
  /** What a reading of the server gave. */
  seen(key: Key, found: StoredDocument | undefined): Promise<void>;
  /** What it is after a write made from here, and which version the write made. */
  written(
    key: Key,
    document: Omit<SeenDocument, 'operations'>,
    operation: SeenDocument['operations'][number],
  ): Promise<void>;
  deleted(key: Key): void;
}

export function createDocumentCopy(cache: Cache): DocumentCopy {
  async function get(key: Key): Promise<Seen> {
    return parse(key, await cache.get(places.document(key)));
  }
  // What cannot be read is of no use for what is to replace it.
  const before = (key: Key) => get(key).catch(() => undefined);
  const set = (key: Key, seen: SeenDocument) => {
    const { expiresAt, ...rest } = seen;
    cache.set(places.document(key), {
      key: [...key],
      state: 'present',
      ...rest,
      operations: seen.operations.map((operation) => ({ ...operation })),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    });
  };
  const deleted = (key: Key) => cache.set(places.document(key), { key: [...key], state: 'absent' });

  return {
    get,
    async seen(key, found) {
      const known = await before(key);
      if (!found) {
        if (known !== 'absent') deleted(key);
        return;
      }
      const { value, version, updatedAt, expiresAt } = found;
      const same = known !== 'absent' && known?.version === version;
      if (same && known.expiresAt === expiresAt) return;
      const operations = known && known !== 'absent' ? known.operations : [];
      set(key, { value, version, updatedAt, expiresAt, operations });
    },
    async written(key, document, operation) {
      const known = await before(key);
      const operations = known && known !== 'absent' ? known.operations : [];
      const { value, version, updatedAt, expiresAt } = document;
      const own = [...operations, operation].slice(-keptOperations);
      set(key, { value, version, updatedAt, expiresAt, operations: own });
    },
    deleted,
  };
}

function parse(key: Key, data: JsonValue | undefined): Seen {
  if (data === undefined) return undefined;
  const fields = readFields(places.document(key), data);
  if (!sameKey(fields.key('key'), key)) return undefined;
  const state = fields.text('state');
  if (state === 'absent') return 'absent';
  if (state !== 'present') throw fields.damaged('its state is not known');
  return {
    value: fields.json('value'),
    version: fields.text('version') as Version,
    updatedAt: fields.number('updatedAt'),
    expiresAt: fields.optional('expiresAt', fields.number),
    operations: fields.list('operations').map((operation) => ({
      id: operation.text('id'),
      version: operation.text('version') as Version,
    })),
  };
}

export function sameKey(a: Key, b: Key): boolean {
  return a.length === b.length && a.every((segment, index) => segment === b[index]);
}
