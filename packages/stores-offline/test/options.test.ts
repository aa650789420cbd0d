import { createMemoryStore, type Store } from '@loci/core';
import { expect, it } from 'vitest';
import { type OfflineOptions, offline } from '../src/index.js';

const journal = createMemoryStore();

it('options that cannot be used are refused by name', () => {
  const bad: readonly [string, Partial<Record<keyof OfflineOptions, unknown>>][] = [
    ['options.journal', { journal: {} }],
    ['options.deadlineMs', { deadlineMs: 0 }],
    ['options.probeDelayMs', { probeDelayMs: Number.NaN }],
    ['options.maxProbeDelayMs', { maxProbeDelayMs: -1 }],
    ['options.leaseMs', { leaseMs: '1' }],
    ['options.maxQueued', { maxQueued: 1.5 }],
    ['options.unknown', { unknown: 'maybe' }],
    ['options.onConflict', { onConflict: 'ours' }],
    ['options.merge', { merge: 1 }],
    ['options.onEvent', { onEvent: {} }],
    ['options.clock', { clock: { now: 1 } }],
    ['options.randomId', { randomId: 'id' }],
  ];
  for (const [path, options] of bad)
    expect(() => offline(createMemoryStore(), { journal, ...options } as OfflineOptions)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', path }),
    );
  expect(() => offline({} as Store, { journal })).toThrow(expect.objectContaining({ path: 'store' }));
  expect(() => offline(journal, { journal })).toThrow(expect.objectContaining({ path: 'options.journal' }));
});

it('a store says what it supports: the weaker durability of the two, and that writes may be pending', () => {
  const disk = { ...journal, supports: { ...journal.supports, durability: 'disk' } } as const;
  expect(offline(disk, { journal }).supports).toMatchObject({
    durability: 'memory',
    pending: true,
    feed: 'push',
  });
  const { feed: _, ...mute } = journal;
  expect(offline(mute, { journal })).not.toHaveProperty('feed');
});
