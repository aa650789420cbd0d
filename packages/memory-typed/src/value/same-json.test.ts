import { canonicalJson, type JsonValue } from '@loci/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sameJson } from './same-json.js';

it('two values are the same where their canonical texts are', () => {
  const value = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
  fc.assert(
    fc.property(value, value, (a, b) => {
      expect(sameJson(a, b)).toBe(canonicalJson(a) === canonicalJson(b));
      expect(sameJson(a, JSON.parse(JSON.stringify(a)))).toBe(true);
    }),
  );
});

it.each<[JsonValue, JsonValue, boolean]>([
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
  [[1, 2], [2, 1], false],
  [[], {}, false],
  [{ a: null }, {}, false],
  [{ a: 1 }, { constructor: 1 }, false],
  [{ constructor: 1 }, { a: 1 }, false],
  [null, {}, false],
  [0, '0', false],
])('%j and %j: %s', (a, b, same) => {
  expect(sameJson(a, b)).toBe(same);
});
