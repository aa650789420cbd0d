import { type ChatRequest, createMessage, type TokenCounter, type Usage } from '@loci/core';
import { countMessage } from '@loci/core/turn';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrated } from './calibrated.js';

/** One token for each character, so that counts are plain. */
const characters: TokenCounter = {
  name: 'characters',
  errorRatio: 0.2,
  load: () => Promise.resolve(),
  countText: (text) => text.length,
};
const request = (size: number): ChatRequest => ({
  messages: [createMessage({ role: 'user', content: 'x'.repeat(size) })],
});
const usage = (input: number): Usage => ({ input, cacheRead: 0, cacheWrite: 0, output: 1, reasoning: 0 });
/** What a vendor reports that counts `k` times what the counter counts, framing apart. */
const reported = (size: number, k: number) => usage(Math.round(size * k) + 4);
const sizes = fc.integer({ min: 300, max: 20_000 });

describe('calibrated', () => {
  it('converges on a vendor that counts k times as much', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.3, max: 4, noNaN: true }),
        fc.array(sizes, { minLength: 70, maxLength: 90 }),
        (k, requests) => {
          const counter = calibrated(characters);
          for (const size of requests) counter.observe(request(size), reported(size, k));
          expect(counter.factor / k).toBeCloseTo(1, 2);
          expect(counter.countText('x'.repeat(1000)) / (1000 * k)).toBeCloseTo(1, 1);
          expect(counter.errorRatio).toBeLessThan(0.05);
        },
      ),
    );
  });

  it('covers every request of the window, with old counts and new ones', () => {
    const steps = fc.array(fc.tuple(sizes, fc.double({ min: 0.5, max: 3, noNaN: true })), { maxLength: 50 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 12 }), (requests, window) => {
        const counter = calibrated(characters, { window });
        const seen: { size: number; input: number; before: number }[] = [];
        for (const [size, k] of requests) {
          const { input } = reported(size, k);
          const before = countMessage(counter, request(size).messages[0] as ChatRequest['messages'][number]);
          expect(counter.observe(request(size), usage(input))).toBe(true);
          seen.push({ size, input, before });
          for (const one of seen.slice(-window)) {
            const now = 4 + counter.countText('x'.repeat(one.size));
            expect(now * (1 + counter.errorRatio)).toBeGreaterThanOrEqual(one.input - 1e-6);
            expect(one.before * (1 + counter.errorRatio)).toBeGreaterThanOrEqual(one.input - 1e-6);
          }
        }
      }),
    );
  });

  it('is not moved by outliers, whose error bar ends with the window', () => {
    const counter = calibrated(characters, { window: 10 });
    for (let turn = 0; turn < 9; turn++) counter.observe(request(1000), reported(1000, 1.3));
    counter.observe(request(1000), reported(1000, 9));
    expect(counter.factor).toBeCloseTo(1.3);
    expect(counter.errorRatio).toBeGreaterThan(5);
    for (let turn = 0; turn < 10; turn++) counter.observe(request(1000), reported(1000, 1.3));
    expect(counter.errorRatio).toBeLessThan(0.1);
  });

  it('begins as the counter it wraps and trusts itself more with every request', () => {
    const counter = calibrated(characters);
    expect(counter).toMatchObject({ name: 'calibrated/characters', factor: 1 });
    expect(counter.errorRatio).toBeCloseTo(0.2);
    expect(counter.countText('x'.repeat(10))).toBe(10);
    const bars = Array.from({ length: 20 }, () => {
      counter.observe(request(1000), reported(1000, 1));
      return counter.errorRatio;
    });
    expect(bars).toEqual(bars.toSorted((a, b) => b - a));
    expect(bars.at(-1)).toBeLessThan(0.06);
  });

  it('does not learn from what says nothing about text', () => {
    const counter = calibrated(characters);
    const picture = createMessage({
      role: 'user',
      content: [
        { type: 'text', text: 'x'.repeat(1000) },
        { type: 'image', mediaType: 'image/png', data: 'AAAA' },
      ],
    });
    expect(counter.observe(request(1000), null)).toBe(false);
    expect(counter.observe(request(20), reported(20, 3))).toBe(false);
    expect(counter.observe(request(1000), usage(0))).toBe(false);
    expect(counter.observe({ messages: [picture] }, usage(5000))).toBe(false);
    expect(counter.factor).toBe(1);
  });

  it('goes on in a later process with what it has learned', () => {
    const first = calibrated(characters);
    for (let turn = 0; turn < 40; turn++) first.observe(request(1000), reported(1000, 1.5));
    const state = JSON.parse(JSON.stringify(first.state()));
    expect(state.ratios).toHaveLength(32);
    const second = calibrated(characters, { state });
    expect(second.factor).toBe(first.factor);
    expect(second.errorRatio).toBeLessThan(0.1);
    expect(second.state()).toEqual(first.state());
  });

  it.each([
    [{ window: 0 }, 'window'],
    [{ window: 1001 }, 'window'],
    [{ minTokens: 0 }, 'minTokens'],
    [{ state: { version: 2, ratios: [] } as never }, 'state'],
    [{ state: { version: 1, ratios: [-1] } as never }, 'state'],
    [{ state: { version: 1, ratios: ['2'] } as never }, 'state'],
  ])('refuses options that cannot be: %o', (options, path) => {
    expect(() => calibrated(characters, options)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', path }),
    );
  });
});
