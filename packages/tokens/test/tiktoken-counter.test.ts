import fc from 'fast-check';
import { get_encoding } from 'tiktoken';
import { describe, expect, it } from 'vitest';
import { encodings } from '../src/encodings.js';
import { tiktokenCounter } from '../src/index.js';
import { longRun, ordinaryText } from './samples.js';

describe.each(encodings)('tiktokenCounter, %s', (encoding) => {
  const bare = get_encoding(encoding);
  const exact = (text: string) => bare.encode_ordinary(text).length;
  const counter = tiktokenCounter({ encoding });

  it('equals bare tiktoken on ordinary text', async () => {
    await counter.load();
    fc.assert(
      fc.property(ordinaryText, (text) => {
        expect(counter.countText(text)).toBe(exact(text));
      }),
      { numRuns: 150 },
    );
  });

  it('never counts less than bare tiktoken in long runs, and little more', async () => {
    await counter.load();
    fc.assert(
      fc.property(longRun, (text) => {
        const [count, truth] = [counter.countText(text), exact(text)];
        expect(count).toBeGreaterThanOrEqual(truth);
        expect(count).toBeLessThanOrEqual(truth * 1.5 + 3);
      }),
      { numRuns: 60 },
    );
  });
});

describe('tiktokenCounter', () => {
  it('counts a long run between ordinary texts apart from them', async () => {
    const counter = tiktokenCounter();
    await counter.load();
    const [before, run, after] = ['What came before', ' '.repeat(1000), 'and what came after.'];
    const parts = [before, run, after].map(counter.countText).reduce((sum, count) => sum + count);
    expect(Math.abs(counter.countText(before + run + after) - parts)).toBeLessThanOrEqual(2);
  });

  it('finishes the texts that make encoders quadratic', async () => {
    const counter = tiktokenCounter();
    await counter.load();
    expect(counter.countText('a'.repeat(300_000))).toBeGreaterThanOrEqual(37_500);
    expect(counter.countText('😀'.repeat(100_000))).toBeGreaterThanOrEqual(100_000);
    expect(counter.countText('界'.repeat(100_000))).toBeGreaterThanOrEqual(100_000);
    expect(counter.countText(' \n'.repeat(100_000))).toBeGreaterThan(100);
    // White space for one engine and not for the other.
    expect(counter.countText('\ufeff!\u0085'.repeat(50_000))).toBeGreaterThan(50_000);
  });

  it('counts special tokens as text', async () => {
    const counter = tiktokenCounter();
    await counter.load();
    expect(counter.countText('<|endoftext|>')).toBeGreaterThan(1);
    expect(counter.countText('')).toBe(0);
  });

  it('finds the encoding of a model', () => {
    expect(tiktokenCounter().name).toBe('tiktoken/o200k_base');
    expect(tiktokenCounter({ model: 'gpt-5-mini' }).name).toBe('tiktoken/o200k_base');
    expect(tiktokenCounter({ model: 'gpt-4' }).name).toBe('tiktoken/cl100k_base');
  });

  it.each([
    [{ model: 'some-model' }, 'model', /give its encoding instead, one of gpt2, .*o200k_base/],
    [{ model: 'constructor' }, 'model', /not in tiktoken's table/],
    [{ model: 'gpt-4', encoding: 'cl100k_base' as const }, 'model', /together/],
    [{ encoding: 'morse' as 'gpt2' }, 'encoding', /must be one of gpt2/],
  ])('refuses what it does not know: %o', (options, path, reason) => {
    expect(() => tiktokenCounter(options)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', path, reason: expect.stringMatching(reason) }),
    );
  });
});
