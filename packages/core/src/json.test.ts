import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, toJsonText } from './json.js';

class Point {
  x = 1;
}

describe('toJsonText', () => {
  it('loses nothing of any JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(toJsonText(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it.each([
    ['NaN', { a: [Number.NaN] }, 'value.a[0]'],
    ['a date', { at: new Date(0) }, 'value.at'],
    ['a class', new Point(), 'value'],
    ['a map', { m: new Map() }, 'value.m'],
    ['a function', [() => 1], 'value[0]'],
    ['a bigint', { n: 1n }, 'value.n'],
    ['a hole', Object.assign(new Array(3), [1]), 'value[1]'],
    ['undefined', undefined, 'value'],
  ])('refuses %s by its path', (_, value, path) => {
    expect(() => toJsonText(value)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT', path }));
  });

  it('refuses a value that contains itself, or is too deep, without overflowing', () => {
    const loop: Record<string, unknown> = {};
    loop.loop = loop;
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    for (const value of [loop, deep])
      expect(() => toJsonText(value)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });

  it('keeps a property called __proto__ and drops one that is undefined', () => {
    expect(toJsonText(JSON.parse('{"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1}}');
    expect(toJsonText({ a: undefined, b: 1 })).toBe('{"b":1}');
  });
});

describe('canonicalJson', () => {
  it('is equal for equal values in whatever order', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe(
      canonicalJson({ a: null, b: [{ c: 2, d: 1 }] }),
    );
  });

  it.each([
    [
      'a getter',
      {
        get a() {
          throw new Error('its own');
        },
      },
    ],
    [
      'a proxy',
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('its own');
          },
        },
      ),
    ],
  ])('refuses %s that throws', (_, value) => {
    expect(() => toJsonText(value, 'data')).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', path: 'data' }),
    );
  });
});
