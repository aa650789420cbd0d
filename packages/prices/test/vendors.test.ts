import type { ChatResponse } from '@loci/core';
import { describe, expect, it } from 'vitest';
import { combinePrices, costOf, formatUsd, listedPrices, priceTable } from '../src/index.js';
import { askAnthropic, askMistral, askOpenAI } from './vendors.js';

/** Dollars: total, input, cache read, cache write, output. */
type Bill = readonly [string, string, string, string, string];

function expectBill(responses: readonly ChatResponse[], bill: Bill | null, prices = listedPrices): void {
  expect(responses).toHaveLength(2);
  for (const { usage, model } of responses) {
    const cost = costOf(usage, prices.priceOf(model.provider, model.modelId));
    const { total, input, cacheRead, cacheWrite, output } = cost ?? {};
    const parts = [total, input, cacheRead, cacheWrite, output];
    expect(cost && parts.map((money) => money !== undefined && formatUsd(money))).toEqual(bill);
  }
}

// Every figure below is worked out by hand from the listed dollars per million tokens.
describe.each(['chat', 'responses'] as const)('the cost of OpenAI over %s', (api) => {
  const ask = askOpenAI(api);

  it('[F4] agrees with a bill of cached reads, cached writes and reasoning', async () => {
    const usage = { promptTokens: 10_000, completionTokens: 2000 };
    const answer = { text: 'Yes.', usage, cachedTokens: 6000, cacheWriteTokens: 1000, reasoningTokens: 1500 };
    // 3,000 × 4 + 6,000 × 0.4 + 1,000 × 5 + 2,000 × 20
    expectBill(await ask('gpt-5.6-sol', answer), ['0.0594', '0.012', '0.0024', '0.005', '0.04']);
  });

  it('prices the whole call by its tier of long context', async () => {
    const answer = (promptTokens: number, cachedTokens: number) => ({
      text: 'Yes.',
      usage: { promptTokens, completionTokens: 1000 },
      cachedTokens,
    });
    // 100,000 × 8 + 200,000 × 0.8 + 1,000 × 30
    const long = await ask('gpt-5.6-sol', answer(300_000, 200_000));
    expectBill(long, ['0.99', '0.8', '0.16', '0', '0.03']);
    // 271,999 × 4 + 1,000 × 20, and with one token more 272,000 × 8 + 1,000 × 30
    expectBill(await ask('gpt-5.6-sol', answer(271_999, 0)), ['1.107996', '1.087996', '0', '0', '0.02']);
    expectBill(await ask('gpt-5.6-sol', answer(272_000, 0)), ['2.206', '2.176', '0', '0', '0.03']);
  });

  it('is not known for a model without a listed price, and where no usage was stated', async () => {
    expectBill(await ask('gpt-6.1-terra', { text: 'Yes.' }), null);
    expectBill(await ask('gpt-5.6-sol', { text: 'Yes.', usage: false }), null);
  });
});

it('is not known where OpenAI keeps a cache for twelve hours, at a price that nobody lists', async () => {
  const usage = { promptTokens: 10_000, completionTokens: 2000 };
  const answer = { text: 'Yes.', usage, cacheWriteTokens: 1000, cacheWrite12hTokens: 400 };
  expectBill(await askOpenAI('responses')('gpt-5.6-sol', answer), null);
});

describe('the cost of Anthropic', () => {
  it('[F4] agrees with a bill of cached reads, cached writes of both lifetimes and thinking', async () => {
    const usage = { inputTokens: 3000, outputTokens: 2000 };
    const cached = { cacheRead: 6000, cacheWrite5m: 1000, cacheWrite1h: 400 };
    const answer = { text: 'Yes.', usage, ...cached, thinkingTokens: 1500 };
    // 3,000 × 5 + 6,000 × 0.5 + (1,000 × 6.25 + 400 × 10) + 2,000 × 25
    const bill = ['0.07825', '0.015', '0.003', '0.01025', '0.05'] as const;
    expectBill(await askAnthropic('claude-opus-5', answer), bill);
  });

  it('chooses the tier by all input, of which the vendor states most beside its input', async () => {
    const answer = (cacheRead: number) => ({
      text: 'Yes.',
      usage: { inputTokens: 20_000, outputTokens: 1000 },
      cacheRead,
    });
    // 20,000 × 0.5 + 90,000 × 0.05 + 1,000 × 2.5, and at exactly 100,000 still × 0.1, 0.01 and 0.5
    const bill = ['0.017', '0.01', '0.0045', '0', '0.0025'] as const;
    expectBill(await askAnthropic('claude-haiku-5-5', answer(90_000)), bill);
    const below = ['0.0033', '0.002', '0.0008', '0', '0.0005'] as const;
    expectBill(await askAnthropic('claude-haiku-5-5', answer(80_000)), below);
  });

  it('is not known for a model without a listed price, and where no usage was stated', async () => {
    expectBill(await askAnthropic('claude-fable-5-2', { text: 'Yes.' }), null);
    expectBill(await askAnthropic('claude-opus-5', { text: 'Yes.', usage: null }), null);
  });
});

describe('the cost of Mistral', () => {
  const usage = { promptTokens: 10_000, completionTokens: 2000 };

  it.each(['num_cached_tokens', 'prompt_tokens_details', 'prompt_token_details'] as const)(
    '[F4] agrees with a bill of cached reads stated as %s, and of reasoning',
    async (cachedIn) => {
      const answer = { reasoning: 'Let me see.', text: 'Yes.', usage, cachedTokens: 6000, cachedIn };
      // 4,000 × 1.5 + 6,000 × 0.15 + 2,000 × 7.5
      const bill = ['0.0219', '0.006', '0.0009', '0', '0.015'] as const;
      expectBill(await askMistral('mistral-medium-3-5', answer), bill);
    },
  );

  it('prices the whole call by its tier of long context, from a table of the caller', async () => {
    const tiers = [{ above: 100_000, input: 3, cacheRead: '0.30', output: 15 }];
    const models = {
      mistral: { 'mistral-medium-3-5': { input: 1.5, cacheRead: 0.15, output: 7.5, tiers } },
    };
    const own = priceTable({ asOf: '2026-11-20', source: 'contract', models });
    const long = { promptTokens: 120_000, completionTokens: 100 };
    const answer = { text: 'Yes.', usage: long, cachedTokens: 100_000 };
    // 20,000 × 3 + 100,000 × 0.3 + 100 × 15
    const bill = ['0.0915', '0.06', '0.03', '0', '0.0015'] as const;
    expectBill(await askMistral('mistral-medium-3-5', answer), bill, combinePrices(own, listedPrices));
  });

  it('is not known for a model with two published prices', async () => {
    expectBill(await askMistral('mistral-large-4', { text: 'Yes.', usage }), null);
  });
});

describe('what a cache served', () => {
  // All input comes from the cache, so whoever adds it to the input bills it at two prices.
  it.each([
    [
      'Chat Completions',
      () => askOpenAI('chat')('gpt-5.4', { text: 'Yes.', usage: openaiTotals, cachedTokens: 10_000 }),
      '0.0025',
    ],
    [
      'Responses',
      () => askOpenAI('responses')('gpt-5.4', { text: 'Yes.', usage: openaiTotals, cachedTokens: 10_000 }),
      '0.0025',
    ],
    [
      'Anthropic',
      () => askAnthropic('claude-opus-5', { text: 'Yes.', usage: anthropicTotals, cacheRead: 10_000 }),
      '0.005',
    ],
    [
      'Mistral',
      () => askMistral('mistral-medium-3-5', { text: 'Yes.', usage: openaiTotals, cachedTokens: 10_000 }),
      '0.0015',
    ],
  ])('is billed once, at the price of the cache: %s', async (_, ask, cacheRead) => {
    for (const { usage, model } of await ask()) {
      const cost = costOf(usage, listedPrices.priceOf(model.provider, model.modelId));
      expect(cost?.input).toBe(0n);
      expect(cost && formatUsd(cost.cacheRead)).toBe(cacheRead);
    }
  });

  it.each([
    [
      'Chat Completions',
      () => askOpenAI('chat')('gpt-5.4', { text: 'Yes.', usage: openaiTotals, cachedTokens: 8000 }),
    ],
    [
      'Responses',
      () => askOpenAI('responses')('gpt-5.4', { text: 'Yes.', usage: openaiTotals, cachedTokens: 8000 }),
    ],
    [
      'Anthropic',
      () =>
        askAnthropic('claude-opus-5', {
          text: 'Yes.',
          usage: { inputTokens: 2000, outputTokens: 1 },
          cacheRead: 8000,
        }),
    ],
    [
      'Mistral',
      () => askMistral('mistral-medium-3-5', { text: 'Yes.', usage: openaiTotals, cachedTokens: 8000 }),
    ],
  ])('is counted once in the input, wherever the vendor states it: %s', async (_, ask) => {
    for (const { usage } of await ask()) expect(usage).toMatchObject({ input: 10_000, cacheRead: 8000 });
  });
});

const openaiTotals = { promptTokens: 10_000, completionTokens: 1 };
const anthropicTotals = { inputTokens: 0, outputTokens: 1 };
