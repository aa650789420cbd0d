import { expect, it } from 'vitest';
import { listedPrices } from './listed-prices.js';

it('dates every price and says where it was read', () => {
  expect(listedPrices.priceOf('anthropic', 'claude-haiku-5-5')).toMatchObject({
    asOf: '2026-11-01',
    source: 'platform.claude.com',
    input: 100_000n,
  });
  expect(listedPrices.priceOf('openai', 'gpt-5.4-mini')).toMatchObject({ asOf: '2026-09-23' });
});

it.each([
  ['openai', 'gpt-6.1-sol'],
  ['openai', 'gpt-6.1-terra'],
  ['anthropic', 'claude-fable-5-2'],
  ['anthropic', 'claude-mythos-5-1'],
  ['mistral', 'mistral-large-4'],
  ['mistral', 'mistral-medium-latest'],
  ['azure', 'gpt-5.4'],
])('knows no price of %s %s', (provider, modelId) => {
  expect(listedPrices.priceOf(provider, modelId)).toBeNull();
});
