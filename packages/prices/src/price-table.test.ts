import { InvalidInputError } from '@loci/core';
import { describe, expect, it } from 'vitest';
import { combinePrices, type PriceTable, priceTable, type UsdPrice } from './index.js';

const table = (price: unknown, head: object = {}): PriceTable => ({
  asOf: '2026-11-20',
  source: 'contract',
  models: { openai: { x: price as UsdPrice } },
  ...head,
});

describe('priceTable', () => {
  it('reads dollars per million tokens exactly, written as text or number', () => {
    const tiers = [{ above: 1000, input: '0.3', output: '1' }];
    const source = priceTable(table({ input: 0.1, cacheRead: '0.000001', output: '2.50', tiers }));
    expect(source.priceOf('openai', 'x')).toEqual({
      provider: 'openai',
      modelId: 'x',
      asOf: '2026-11-20',
      source: 'contract',
      input: 100_000n,
      cacheRead: 1n,
      output: 2_500_000n,
      tiers: [{ above: 1000, input: 300_000n, output: 1_000_000n }],
    });
  });

  it('knows exact ids only', () => {
    const source = priceTable(table({ input: 1, output: 1 }));
    for (const id of ['x-2', '', 'X', '__proto__', 'constructor'])
      expect(source.priceOf('openai', id)).toBeNull();
    expect(source.priceOf('anthropic', 'x')).toBeNull();
  });

  it.each([
    ['table.models.openai.x.input', { output: 1 }],
    ['table.models.openai.x.input', { input: -1, output: 1 }],
    ['table.models.openai.x.input', { input: '1e3', output: 1 }],
    ['table.models.openai.x.input', { input: 1e-7, output: 1 }],
    ['table.models.openai.x.output', { input: 1, output: Number.NaN }],
    ['table.models.openai.x.cachedRead', { input: 1, cachedRead: 1, output: 1 }],
    ['table.models.openai.x', null],
    ['table.models.openai.x.tiers', { input: 1, output: 1, tiers: {} }],
    ['table.models.openai.x.tiers[0].above', { input: 1, output: 1, tiers: [{ input: 1, output: 1 }] }],
    [
      'table.models.openai.x.tiers[1].above',
      {
        input: 1,
        output: 1,
        tiers: [
          { above: 9, input: 1, output: 1 },
          { above: 9, input: 1, output: 1 },
        ],
      },
    ],
  ])('refuses with the path %s', (path, price) => {
    expectRefused(path, table(price));
  });

  it.each([
    ['table.asOf', { asOf: '2026-02-30' }],
    ['table.asOf', { asOf: 'yesterday' }],
    ['table.source', { source: '' }],
    ['table.models', { models: null }],
  ])('refuses a table with a wrong %s', (path, head) => {
    expectRefused(path, table({ input: 1, output: 1 }, head));
  });
});

it('asks combined sources in order', () => {
  const cheap = priceTable(table({ input: 1, output: 1 }));
  const dear = priceTable(table({ input: 2, output: 2 }));
  expect(combinePrices(cheap, dear).priceOf('openai', 'x')?.input).toBe(1_000_000n);
  expect(combinePrices(combinePrices(), dear).priceOf('openai', 'x')?.input).toBe(2_000_000n);
  expect(combinePrices(cheap, dear).priceOf('openai', 'y')).toBeNull();
});

function expectRefused(path: string, given: PriceTable): void {
  const refused = expect.toSatisfy(
    (error: unknown) => InvalidInputError.isInstance(error) && error.path === path,
  );
  expect(() => priceTable(given)).toThrow(refused);
}
