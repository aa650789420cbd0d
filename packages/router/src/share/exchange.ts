import { ConflictError, type IoOptions, type JsonValue, type Key, type Version } from '@loci/core';
import { subtractExports } from '../statistics/subtract-exports.js';
import { fromValue, type ShareDocument, toValue } from './share-document.js';
import type { Shareable, ShareSettings } from './share-options.js';

/** A document that was not written for so long belongs to a process that is gone. */
const deadAfterMs = 3_600_000;
/** How often a process that has nothing new to say writes all the same. */
const renewAfterMs = deadAfterMs / 3;
const keptAbsorbed = 64;

interface Peer {
  readonly updatedAt: number;
  readonly version: Version;
  /** How often it was read as it is. */
  readonly reads: number;
  /** Absent where it was not understood. */
  readonly document?: ShareDocument;
}

/** One process among those that share: what it writes, and what it knows of the others. */
export interface Exchange {
  /** Where it writes now. */
  key(): Key;
  /** Writes what is new here, reads what is new there, and takes over what those who are gone have left. */
  run(io: IoOptions): Promise<void>;
  /** Writes for the last time. */
  end(io: IoOptions): Promise<void>;
  /** There is something new to write. */
  touch(): void;
}

export function createExchange({ statistics, health }: Shareable, settings: ShareSettings): Exchange {
  const { store, key, keepMs, clock, randomId, tell } = settings;
  const { documents } = store;
  const peers = new Map<string, Peer>();
  let id = randomId();
  let version: Version | undefined;
  let absorbed: readonly string[] = [];
  let touched = false;
  /** The statistics of the last write that was answered. */
  let written: JsonValue | undefined;
  let writtenAt = Number.POSITIVE_INFINITY;

  const keyOf = (of: string): Key => [...key, of];

  async function write(ended: boolean, io: IoOptions): Promise<void> {
    touched = false;
    try {
      await putOwn(ended, io);
      writtenAt = clock.now();
    } catch (error) {
      touched = true;
      throw error;
    }
  }

  async function putOwn(ended: boolean, io: IoOptions): Promise<void> {
    const exported = statistics.export();
    const value = toValue({ ended, statistics: exported, health: health.records(), absorbed });
    const put = async (expected: Version | undefined) => {
      const expect = expected === undefined ? 'absent' : { version: expected };
      const receipt = await documents.put(keyOf(id), value, {
        ...io,
        expect,
        operationId: randomId(),
        ttlMs: keepMs,
      });
      version = receipt.version;
      written = exported;
    };
    try {
      await put(version);
    } catch (error) {
      if (!ConflictError.isInstance(error)) throw error;
      // A write whose answer was lost, an expired document, or one that was taken over as if this process were gone.
      const stored = await documents.get(keyOf(id), io);
      if (!stored && (await wasAbsorbed(io))) startAnew();
      else await put(stored?.version);
    }
  }

  async function wasAbsorbed(io: IoOptions): Promise<boolean> {
    await read(io);
    return [...peers.values()].some(({ document }) => document?.absorbed.includes(id));
  }

  /** What was written under the old id is counted by another process now. */
  function startAnew(): void {
    const own = statistics.export();
    const unwritten = written === undefined ? own : subtractExports(own, written);
    id = randomId();
    version = undefined;
    written = undefined;
    absorbed = [];
    touched = true;
    statistics.reset();
    statistics.import(unwritten);
    adopt();
  }

  async function read(io: IoOptions): Promise<void> {
    const listed = new Map<string, number>();
    for await (const item of documents.list(key, io)) {
      const [peerId, ...deeper] = item.key.slice(key.length);
      if (peerId !== undefined && deeper.length === 0 && peerId !== id) listed.set(peerId, item.updatedAt);
    }
    const found = await Promise.all(Array.from(listed, (item) => readPeer(item, io)));
    const gone = [...peers.keys()].filter((peerId) => !listed.has(peerId));
    for (const peerId of gone) peers.delete(peerId);
    if (gone.length > 0 || found.includes(true)) adopt();
  }

  /** Resolves whether there is something new. */
  async function readPeer([peerId, updatedAt]: readonly [string, number], io: IoOptions): Promise<boolean> {
    const known = peers.get(peerId);
    // Two writes in one millisecond look alike in the list, so what has changed is read twice.
    if (known?.updatedAt === updatedAt && known.reads > 1) return false;
    const stored = await documents.get(keyOf(peerId), io);
    if (!stored) return peers.delete(peerId);
    const same = known?.version === stored.version;
    const { version, value } = stored;
    const reads = same ? known.reads + 1 : 1;
    const document = same ? known.document : understand(peerId, value);
    peers.set(peerId, { updatedAt, version, reads, ...(document && { document }) });
    return !same;
  }

  function understand(peerId: string, value: JsonValue): ShareDocument | undefined {
    try {
      return fromValue(value);
    } catch (error) {
      tell({ type: 'share-unreadable', key: keyOf(peerId), error });
      return undefined;
    }
  }

  function adopt(): void {
    const known = [...peers.values()].flatMap(({ document }) => document ?? []);
    statistics.adopt(known.map((document) => document.statistics));
    health.adopt(known.flatMap((document) => document.health));
  }

  async function absorb(io: IoOptions): Promise<void> {
    const before = absorbed;
    for (const [peerId, { document, updatedAt, version: expected }] of peers) {
      if (!document || (!document.ended && clock.now() - updatedAt < deadAfterMs)) continue;
      // Whoever deletes it counts it from now on; a crash before the next write loses what it counted.
      if (!(await deleteOnce(keyOf(peerId), expected, io))) continue;
      peers.delete(peerId);
      statistics.import(document.statistics);
      absorbed = [...absorbed, ...document.absorbed, peerId].slice(-keptAbsorbed);
    }
    if (absorbed === before) return;
    adopt();
    await write(false, io);
  }

  async function deleteOnce(at: Key, expected: Version, io: IoOptions): Promise<boolean> {
    try {
      return await documents.delete(at, { ...io, expect: { version: expected } });
    } catch (error) {
      if (ConflictError.isInstance(error)) return false;
      throw error;
    }
  }

  return {
    key: () => keyOf(id),
    touch() {
      touched = true;
    },
    async run(io) {
      if (touched || clock.now() - writtenAt >= renewAfterMs) await write(false, io);
      await read(io);
      await absorb(io);
    },
    end: async (io) => {
      if (touched || version !== undefined) await write(true, io);
    },
  };
}
