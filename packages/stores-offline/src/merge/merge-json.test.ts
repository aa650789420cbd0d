import { canonicalJson, type JsonValue } from '@loci/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type MergeConflict, mergeJson } from './merge-json.js';

const theirs = ({ theirs: value }: MergeConflict) => value;
const ours = ({ ours: value }: MergeConflict) => value;
const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;
const item = fc.oneof(fc.string(), fc.integer(), fc.record({ name: fc.string() }));
const withIds = fc
  .uniqueArray(fc.nat(8), { maxLength: 6 })
  .chain((ids) =>
    fc.tuple(...ids.map((id) => fc.record({ id: fc.constant(id), text: fc.string(), done: fc.boolean() }))),
  )
  .map((items) => items as { id: number; text: string; done: boolean }[]);
const count = (list: JsonValue | undefined, wanted: JsonValue) =>
  (list as JsonValue[]).filter((each) => canonicalJson(each) === canonicalJson(wanted)).length;

/** The conflicts that a merge finds. */
function conflictsOf(sides: Omit<MergeConflict, 'path'>): MergeConflict[] {
  const found: MergeConflict[] = [];
  mergeJson(sides, (conflict) => {
    found.push(conflict);
    return conflict.theirs;
  });
  return found;
}

it('[G4] a side that changed nothing gives way to the other one, whatever that is', () => {
  fc.assert(
    fc.property(json, json, (base, changed) => {
      expect(mergeJson({ base, ours: base, theirs: changed }, ours)).toEqual(changed);
      expect(mergeJson({ base, ours: changed, theirs: base }, theirs)).toEqual(changed);
      expect(conflictsOf({ base, ours: changed, theirs: base })).toEqual([]);
    }),
  );
});

it('[G4] the same arguments give the same result, and none of them is changed', () => {
  fc.assert(
    fc.property(json, json, json, (base, our, their) => {
      const sides = { base, ours: our, theirs: their };
      const before = JSON.stringify(sides);
      expect(JSON.stringify(mergeJson(sides, theirs))).toBe(JSON.stringify(mergeJson(sides, theirs)));
      expect(JSON.stringify(sides)).toBe(before);
    }),
  );
});

it('[G4] no insertion into a list is lost, on either side', () => {
  const list = fc.array(item, { maxLength: 6 });
  fc.assert(
    fc.property(list, list, list, (base, added, others) => {
      const merged = mergeJson({ base, ours: [...base, ...added], theirs: [...others, ...base] }, theirs);
      expect(merged).toHaveLength(base.length + added.length + others.length);
      for (const each of [...added, ...others])
        expect(count(merged, each)).toBe(count([...base, ...added, ...others], each));
    }),
  );
});

it('[G4] what we took out of a list is gone, where it was still there', () => {
  const list = fc.uniqueArray(fc.nat(20), { maxLength: 10 });
  fc.assert(
    fc.property(list, list, fc.nat(20), (base, their, gone) => {
      const merged = mergeJson({ base, ours: base.filter((each) => each !== gone), theirs: their }, theirs);
      const kept = their.filter((each) => each !== gone || !base.includes(gone));
      expect(merged).toEqual(base.includes(gone) ? kept : their);
    }),
  );
});

it('[G4] of lists with ids, every item that one side inserted is there, as it was inserted', () => {
  fc.assert(
    fc.property(withIds, withIds, withIds, (base, our, their) => {
      const merged = mergeJson({ base, ours: our, theirs: their }, theirs) as { id: number }[];
      const ids = new Set(base.map(({ id }) => id));
      expect(new Set(merged.map(({ id }) => id)).size).toBe(merged.length);
      for (const [side, other] of [
        [our, their],
        [their, our],
      ] as const)
        for (const each of side)
          if (!ids.has(each.id) && !other.some(({ id }) => id === each.id))
            expect(merged).toContainEqual(each);
    }),
  );
});

it('[G4] whatever only one side changed of an object is in the merge', () => {
  const record = fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.string()));
  fc.assert(
    fc.property(record, record, (base, changes) => {
      const [a, b] = [
        { ...base, ...changes },
        { ...base, other: 'theirs' },
      ];
      const merged = mergeJson({ base, ours: a, theirs: b }, ours) as typeof base;
      for (const name of Object.keys(changes)) if (name !== 'other') expect(merged[name]).toEqual(a[name]);
    }),
  );
});

it('[G4] no property name reaches a prototype', () => {
  const evil = (value: string) =>
    JSON.parse(`{"__proto__":{"polluted":"${value}"},"constructor":"${value}"}`);
  const merged = mergeJson({ base: {}, ours: evil('ours'), theirs: evil('theirs') }, ours) as object;
  expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  expect(JSON.stringify(merged)).toBe(JSON.stringify(evil('ours')));
  expect({}).not.toHaveProperty('polluted');
  expect(mergeJson({ base: {}, ours: evil('ours'), theirs: { a: 1 } }, theirs)).toEqual({
    a: 1,
    ...evil('ours'),
  });
});

it.each<[string, JsonValue | undefined, JsonValue | undefined, JsonValue | undefined, JsonValue | undefined]>(
  [
    ['different properties', { a: 1, b: 1 }, { a: 2, b: 1 }, { a: 1, b: 2 }, { a: 2, b: 2 }],
    ['a removed property', { a: 1, b: 1 }, { b: 1 }, { a: 1, b: 2 }, { b: 2 }],
    ['nested', { a: { b: 1 } }, { a: { b: 1, c: 1 } }, { a: { b: 2 } }, { a: { b: 2, c: 1 } }],
    [
      'items by id',
      [{ id: 1, a: 1 }],
      [{ id: 1, a: 2 }],
      [{ id: 2 }, { id: 1, a: 1, b: 1 }],
      [{ id: 2 }, { id: 1, a: 2, b: 1 }],
    ],
    [
      'an item removed',
      [{ id: 1 }, { id: 2 }],
      [{ id: 2 }],
      [{ id: 1 }, { id: 2 }, { id: 3 }],
      [{ id: 2 }, { id: 3 }],
    ],
    ['both push the same', ['a'], ['a', 'x'], ['a', 'x'], ['a', 'x', 'x']],
    [
      'nothing known before',
      undefined,
      { tags: ['a', 'x'], b: 1 },
      { tags: ['a', 'y'], c: 1 },
      { tags: ['a', 'y', 'x'], c: 1, b: 1 },
    ],
    ['the same scalar', { a: 1 }, { a: 2 }, { a: 2 }, { a: 2 }],
    [
      'times',
      { createdAt: null, updatedAt: 1 },
      { createdAt: 5, updatedAt: 9 },
      { createdAt: 4, updatedAt: 8 },
      { createdAt: 4, updatedAt: 9 },
    ],
    ['deleted on both sides', 1, undefined, undefined, undefined],
  ],
)('[G4] %s', (_, base, our, their, merged) => {
  expect(conflictsOf({ base, ours: our, theirs: their })).toEqual([]);
  expect(mergeJson({ base, ours: our, theirs: their }, theirs)).toEqual(merged);
});

it('[G4] what both sides changed to different values is a conflict that names the place', () => {
  const base = { count: 1, items: [{ id: 'a', done: false, gone: 1 }] };
  const our = { count: 2, items: [{ id: 'a', done: 'ours', gone: 2 }] };
  const their = { count: 3, items: [{ id: 'a', done: 'theirs' }] };
  expect(conflictsOf({ base, ours: our, theirs: their })).toEqual([
    { path: ['count'], base: 1, ours: 2, theirs: 3 },
    { path: ['items', { id: 'a' }, 'done'], base: false, ours: 'ours', theirs: 'theirs' },
    { path: ['items', { id: 'a' }, 'gone'], base: 1, ours: 2, theirs: undefined },
  ]);
  expect(mergeJson({ base, ours: our, theirs: their }, theirs)).toEqual(their);
  expect(mergeJson({ base, ours: our, theirs: their }, ours)).toEqual(our);
  expect(conflictsOf({ base: 1, ours: undefined, theirs: 2 })).toEqual([
    { path: [], base: 1, ours: undefined, theirs: 2 },
  ]);
});
