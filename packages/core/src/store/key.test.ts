import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkKey, checkPrefix, decodeKey, encodeKey, hasPrefix, showKey } from './key.js';

const segment = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('', '..', '../x', 'a:b', '__proto__', '*', '%2F', '/', 'a/b', '~', '\0'),
);
const key = fc.array(segment, { minLength: 1, maxLength: 5 });

describe('a key', () => {
  it('has an encoding of its own, made of safe characters, that can be read back', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        expect(encodeKey(a) === encodeKey(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
        expect(encodeKey(a)).toMatch(/^([A-Za-z0-9_-]|%[0-9A-F]{2}|\/)+$/);
        expect(decodeKey(encodeKey(a))).toEqual(a);
      }),
    );
  });

  it('is found under a prefix of whole segments, and by the encoded prefix alike', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        expect(hasPrefix([...a, ...b], a)).toBe(true);
        expect(encodeKey(b).startsWith(encodeKey(a))).toBe(hasPrefix(b, a));
      }),
    );
    expect(hasPrefix(['ab'], ['a'])).toBe(false);
  });

  it.each([
    ['no segments', []],
    ['17 segments', Array(17).fill('x')],
    ['10 kB in one segment', ['x'.repeat(10_240)]],
    ['513 bytes in 257 characters', ['é'.repeat(257)]],
    ['half an emoji', ['\ud83d']],
    ['a number', [1]],
    ['a string', 'a'],
  ])('is refused with %s', (_, bad) => {
    expect(() => checkKey(bad)).toThrow(expect.objectContaining({ code: 'INVALID_KEY' }));
  });

  it('may be of 16 segments of 512 bytes, and a prefix may be empty', () => {
    expect(() => checkKey(Array(16).fill('x'.repeat(512)))).not.toThrow();
    expect(() => checkPrefix([])).not.toThrow();
  });

  it('is not read from a string that no key has', () => {
    for (const foreign of ['a', 'a/%2f/', '%zz/', 'A B/', '', 'a//..']) {
      if (foreign !== '')
        expect(() => decodeKey(foreign)).toThrow(expect.objectContaining({ code: 'INVALID_KEY' }));
    }
  });

  it('cannot disguise itself in a message', () => {
    expect(showKey(['a", "b', 'x'.repeat(60)])).toBe(`["a\\", \\"b", "${'x'.repeat(40)}…"]`);
  });
});
