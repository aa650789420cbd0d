import type { JsonValue } from '@loci/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyPatch } from '../../test/apply-patch.js';
import { diffJson } from './diff-json.js';

it('[G6] the patch between any two values turns one into the other', () => {
  const value = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
  fc.assert(
    fc.property(value, value, (before, after) => {
      expect(applyPatch(before, diffJson(before, after))).toEqual(after);
      expect(diffJson(before, structuredClone(before))).toEqual([]);
    }),
    { numRuns: 500, examples: [[{}, JSON.parse('{"__proto__":0}') as JsonValue]] },
  );
});

it('[G6] of a list only what lies between is in the patch', () => {
  const list = fc.array(fc.nat(3), { maxLength: 8 });
  fc.assert(
    fc.property(list, list, (before, after) => {
      const patch = diffJson(before, after);
      expect(applyPatch(before, patch)).toEqual(after);
      expect(patch.length).toBeLessThanOrEqual(Math.max(before.length, after.length));
    }),
  );
});

it.each<[JsonValue, JsonValue, JsonValue]>([
  [[1, 2, 3], [2, 3], [{ op: 'remove', path: '/0' }]],
  [[1, 3], [1, 2, 3], [{ op: 'add', path: '/1', value: 2 }]],
  [{ 'a/b': { '~': 1 } }, { 'a/b': { '~': 2 } }, [{ op: 'replace', path: '/a~1b/~0', value: 2 }]],
  [
    { a: 1 },
    { b: 1 },
    [
      { op: 'remove', path: '/a' },
      { op: 'add', path: '/b', value: 1 },
    ],
  ],
  [{ a: 1 }, [1], [{ op: 'replace', path: '', value: [1] }]],
  [null, { a: 1 }, [{ op: 'replace', path: '', value: { a: 1 } }]],
  [{ constructor: 1 }, {}, [{ op: 'remove', path: '/constructor' }]],
])('[G6] from %j to %j', (before, after, patch) => {
  expect(diffJson(before, after)).toEqual(patch);
});
