import { describe, expect, it } from 'vitest';
import { countLinear } from './count-linear.js';

/** Not a real encoder: keeps what it is given, so that the work of a quadratic one is known without a clock. */
function watched() {
  const given: string[] = [];
  // As o200k_base, in short.
  const pattern = '[^\\n\\p{L}]?\\p{L}+|[^\\s\\p{L}]+|\\s+(?!\\S)|\\s+';
  const count = countLinear({ pattern, count: (text) => given.push(text) && 1 });
  return { given, count };
}

describe('countLinear', () => {
  it.each([
    ['one letter', 'a'],
    ['emoji', '😀'],
    ['Chinese', '界'],
    ['blanks', ' '],
    ['line ends', '\n'],
    ['half pairs', '\ud83d'],
    ['marks that Rust and this engine sort differently', '\ufeff!'],
    ['a cycle', 'abcdefghijk'],
  ])('gives an encoder no long run: %s', (_, unit) => {
    const { given, count } = watched();
    count(unit.repeat(200_000 / unit.length));
    expect(Math.max(...given.map((text) => new TextEncoder().encode(text).length))).toBeLessThanOrEqual(256);
  });

  it('gives ordinary text in large pieces, all of it and in order', () => {
    const { given, count } = watched();
    const text = 'Some words of ordinary length. '.repeat(2000);
    count(text);
    expect(given.join('') === text).toBe(true);
    expect(given.length).toBeLessThan((text.length / 4000) * 1.1);
    expect(Math.max(...given.map((part) => part.length))).toBeLessThanOrEqual(4096);
  });

  it('counts each part of a repetition once', () => {
    const { given, count } = watched();
    count('abcdefgh'.repeat(50_000));
    expect(given.length).toBeLessThan(5);
  });

  it('counts each short piece of dense text once', () => {
    const { given, count } = watched();
    count('a1'.repeat(50_000));
    expect(given.length).toBeLessThan(10);
  });
});
