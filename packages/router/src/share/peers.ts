import type { IoOptions, JsonValue, Key, Version } from '@loci/core';
import { fromValue, type ShareDocument } from './share-document.js';
import type { ShareSettings } from './share-options.js';

interface Peer {
  readonly updatedAt: number;
  readonly version: Version;
  /** How often it was read as it is. */
  readonly reads: number;
  /** Absent where it was not understood. */
  readonly document?: ShareDocument;
}

/** What the other processes wrote, as last read. */
export interface Peers {
  readonly byId: ReadonlyMap<string, Peer>;
  /** What was understood. */
  documents(): readonly ShareDocument[];
  /** Resolves whether anything changed. Of documents that did not change only the place in the list is read. */
  read(ownId: string, io: IoOptions): Promise<boolean>;
  forget(id: string): void;
}

export function createPeers({ store, key, tell }: Pick<ShareSettings, 'store' | 'key' | 'tell'>): Peers {
  const byId = new Map<string, Peer>();

  /** Resolves whether there is something new. */
  async function readOne(id: string, updatedAt: number, io: IoOptions): Promise<boolean> {
    const known = byId.get(id);
    // Two writes in one millisecond look alike in the list, so what has changed is read twice.
    if (known?.updatedAt === updatedAt && known.reads > 1) return false;
    const at = [...key, id];
    const stored = await store.documents.get(at, io);
    if (!stored) return byId.delete(id);
    const same = known?.version === stored.version;
    const { version, value } = stored;
    const document = same ? known.document : understand(at, value);
    byId.set(id, { updatedAt, version, reads: same ? known.reads + 1 : 1, ...(document && { document }) });
    return !same;
  }

  function understand(at: Key, value: JsonValue): ShareDocument | undefined {
    try {
      return fromValue(value);
    } catch (error) {
      tell({ type: 'share-unreadable', key: at, error });
      return undefined;
    }
  }

  return {
    byId,
    documents: () => Array.from(byId.values(), ({ document }) => document ?? []).flat(),
    forget: (id) => void byId.delete(id),
    async read(ownId, io) {
      const listed = new Map<string, number>();
      for await (const { key: at, updatedAt } of store.documents.list(key, io)) {
        const [id, ...deeper] = at.slice(key.length);
        if (id !== undefined && deeper.length === 0 && id !== ownId) listed.set(id, updatedAt);
      }
      const news = await Promise.all(Array.from(listed, ([id, updatedAt]) => readOne(id, updatedAt, io)));
      const gone = [...byId.keys()].filter((id) => !listed.has(id));
      for (const id of gone) byId.delete(id);
      return gone.length > 0 || news.includes(true);
    },
  };
}
