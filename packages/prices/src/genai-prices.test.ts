import { InvalidInputError } from '@loci/core';
import { createTestClock } from '@loci/testing';
import * as library from '@pydantic/genai-prices';
import { describe, expect, it } from 'vitest';
import { genaiPrices, listedPrices } from './index.js';
import { anthropicRows } from './listed/anthropic.js';
import { mistralRows } from './listed/mistral.js';
import { openaiRows } from './listed/openai.js';

const asOf = '2026-09-23';
const at = (day: string) => createTestClock(Date.parse(day));
const prices = genaiPrices(library, { asOf, clock: at(asOf) });

describe('genaiPrices', () => {
  it.each([
    ['openai', openaiRows],
    ['anthropic', anthropicRows],
    ['mistral', mistralRows],
  ])('agrees with every price that was listed from it: %s', (provider, rows) => {
    for (const id of rows.flatMap(({ ids }) => ids)) {
      // Snapshots and a second name that the collection only knows by a prefix, or not at all.
      const known = prices.priceOf(provider, id);
      if (!known) expect(id).toMatch(/-\d{4}-?\d\d-?\d\d$|-2604$/);
      else expect(listedPrices.priceOf(provider, id)).toEqual({ ...known, source: 'genai-prices 0.1.8' });
    }
  });

  it('does not take a prefix for the model, as the library itself does', () => {
    expect(library.calcPrice({ input_tokens: 1 }, 'claude-sonnet-5-5')?.model.id).toBe('claude-sonnet-5');
    expect(prices.priceOf('anthropic', 'claude-sonnet-5-5')).toBeNull();
    expect(prices.priceOf('anthropic', 'claude-sonnet-5')?.input).toBe(2_000_000n);
  });

  it('takes the price that holds on the day', () => {
    const input = (day: string) =>
      genaiPrices(library, { asOf, clock: at(day) }).priceOf('openai', 'gpt-5.6-sol')?.input;
    expect(input('2026-08-20')).toBe(5_000_000n);
    expect(input('2026-08-21')).toBe(4_000_000n);
  });

  it('does not know providers and models that it has not, or what costs more than text', () => {
    expect(prices.priceOf('nobody', 'gpt-5.4')).toBeNull();
    expect(prices.priceOf('openai', 'gpt-99')).toBeNull();
    expect(prices.priceOf('openai', 'gpt-audio')).toBeNull();
    expect(prices.priceOf('mistral', 'mistral-ocr-2512')).toBeNull();
  });

  it('does not know a price that depends on the hour', () => {
    const hourly = [{ constraint: { type: 'time_of_date' }, prices: { input_mtok: 1, output_mtok: 1 } }];
    const models = [{ id: 'x', match: { equals: 'x' }, prices: hourly }];
    expect(genaiPrices({ findProvider: () => ({ models }) }, { asOf }).priceOf('a', 'x')).toBeNull();
  });

  it('reads what the library was given meanwhile', () => {
    let models = [{ id: 'x', match: {}, prices: { input_mtok: 1, output_mtok: 1 } }];
    const source = genaiPrices({ findProvider: () => ({ models }) }, { asOf });
    expect(source.priceOf('a', 'x')?.input).toBe(1_000_000n);
    models = [{ id: 'x', match: {}, prices: { input_mtok: 2, output_mtok: 1 } }];
    expect(source.priceOf('a', 'x')?.input).toBe(2_000_000n);
  });

  it('refuses a day that is none', () => {
    expect(() => genaiPrices(library, { asOf: 'now' })).toThrow(
      expect.toSatisfy(InvalidInputError.isInstance),
    );
  });
});
