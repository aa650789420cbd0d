import { ConflictError, type IoOptions, type JsonValue, type Key, type Version } from '@loci/core';
import { exportStatistics } from '../statistics/export-statistics.js';
import { subtractExports } from '../statistics/subtract-exports.js';
import { createPeers } from './peers.js';
import { toValue } from './share-document.js';
import type { Shareable, ShareSettings } from './share-options.js';

/** A document that was not written for so long belongs to a process that is gone. */
const deadAfterMs = 3_600_000;
/** How often a process that has nothing new to say writes all the same. */
const renewAfterMs = deadAfterMs / 3;
const keptAbsorbed = 64;

/** One process among those that share: what it writes, and what it takes over from the others. */
export interface Exchange {
  /** Where it writes now. */
  key(): Key;
  /** There is something new to write. */
  touch(): void;
  /** Writes what is new here, reads what is new there, and takes over what those who are gone have left. */
  run(io: IoOptions): Promise<void>;
  /** Writes for the last time. */
  end(io: IoOptions): Promise<void>;
}

export function createExchange({ statistics, health }: Shareable, settings: ShareSettings): Exchange {
  const { store, key, keepMs, clock, randomId } = settings;
  const { documents } = store;
  const peers = createPeers(settings);
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
    const exported = exportStatistics(statistics);
    const value = toValue({ ended, health: health.records(), absorbed }, exported);
    const put = async (expected: Version | undefined) => {
      const expect = expected === undefined ? 'absent' : { version: expected };
      const options = { ...io, expect, operationId: randomId(), ttlMs: keepMs } as const;
      ({ version } = await documents.put(keyOf(id), value, options));
      written = exported;
      writtenAt = clock.now();
    };
    try {
      await put(version);
    } catch (error) {
      touched = true;
      if (!ConflictError.isInstance(error)) throw error;
      // A write whose answer was lost, an expired document, or one that was taken over as if this process were gone.
      const stored = await documents.get(keyOf(id), io);
      if (!stored && (await wasAbsorbed(io))) return startAnew();
      await put(stored?.version);
    }
  }

  async function wasAbsorbed(io: IoOptions): Promise<boolean> {
    await read(io);
    return peers.documents().some((document) => document.absorbed.includes(id));
  }

  /** What was written under the old id is counted by another process now. */
  function startAnew(): void {
    const unwritten = subtractExports(exportStatistics(statistics), written);
    id = randomId();
    version = undefined;
    written = undefined;
    absorbed = [];
    statistics.reset();
    statistics.add(unwritten);
    adopt();
  }

  async function read(io: IoOptions): Promise<void> {
    if (await peers.read(id, io)) adopt();
  }

  function adopt(): void {
    const known = peers.documents();
    statistics.adopt(known.map((document) => document.statistics));
    health.adopt(known.flatMap((document) => document.health));
  }

  async function absorb(io: IoOptions): Promise<void> {
    const before = absorbed;
    for (const [peerId, { document, updatedAt, version: expected }] of peers.byId) {
      if (!document || (!document.ended && clock.now() - updatedAt < deadAfterMs)) continue;
      // Whoever deletes it counts it from now on; a crash before the next write loses what it counted.
      if (!(await deleteOnce(keyOf(peerId), expected, io))) continue;
      peers.forget(peerId);
      statistics.add(document.statistics);
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
    async end(io) {
      if (touched || version !== undefined) await write(true, io);
    },
  };
}
