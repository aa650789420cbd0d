import { type ChatRequest, createMessage, type Message, type Role, type TokenCounter } from '@loci/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CacheVendor, cacheRules, createPrefixCache } from '../cache.js';
import { createTestClock } from '../test-clock.js';

/** A token for each character; a message has four more around it. */
const counter: TokenCounter = {
  name: 'characters',
  errorRatio: 0,
  load: async () => undefined,
  countText: (text) => text.length,
};
const minute = 60_000;

/** A message of that many tokens. */
function sized(id: string, role: Role, tokens: number): Message {
  return createMessage({ id, role, content: id.repeat(tokens).slice(0, tokens - 4), createdAt: 0 });
}

const rules = sized('rules', 'system', 1500);
const question = sized('question', 'user', 300);
const answer = sized('answer', 'assistant', 200);
const next = sized('next', 'user', 100);
const openCache = (vendor: CacheVendor) => {
  const clock = createTestClock();
  return { clock, cache: createPrefixCache({ vendor, clock, counter }) };
};
const asked = (messages: readonly Message[], prefixEnds: readonly string[] = [], more: object = {}) => ({
  messages,
  cache: { affinityKey: 'chat', prefixEnds },
  ...more,
});

describe('the rules of `openai`', () => {
  it('read what an earlier prompt began with, in steps of 128 tokens, and write for nothing', () => {
    const { cache } = openCache('openai');
    const first = asked([rules, question]);
    expect(cache.call(first, 10)).toEqual({
      input: 1800,
      cacheRead: 0,
      cacheWrite: 0,
      output: 10,
      cost: 1860,
    });
    const again = cache.call(first, 10);
    expect(again.cacheRead).toBe(1792);
    expect(again.cost).toBeCloseTo(8 + 179.2 + 60);
    const second = asked([rules, question, answer, next]);
    expect(cache.call(second, 0)).toMatchObject({ input: 2100, cacheRead: 1792, cacheWrite: 0 });
  });

  it('keep nothing of prompts that are shorter than 1,024 tokens', () => {
    const { cache } = openCache('openai');
    for (const tokens of [1023, 1024]) {
      const request = asked([sized('m', 'user', tokens)]);
      cache.call(request, 0);
      expect(cache.call(request, 0).cacheRead).toBe(tokens === 1024 ? 1024 : 0);
    }
    // Both begin with 1,000 tokens of the same.
    cache.call(asked([sized('s', 'system', 1000), question]), 0);
    expect(cache.call(asked([sized('s', 'system', 1000), next]), 0).cacheRead).toBe(0);
  });

  it('forget a prefix five minutes after its last use', async () => {
    const { cache, clock } = openCache('openai');
    cache.call(asked([rules]), 0);
    for (const [minutes, cacheRead] of [
      [4, 1408],
      [4, 1408],
      [5, 0],
    ] as const) {
      await clock.advance(minutes * minute);
      expect(cache.call(asked([rules]), 0).cacheRead).toBe(cacheRead);
    }
  });

  it('keep prompts of different keys apart', () => {
    const { cache } = openCache('openai');
    const other = { messages: [rules], cache: { affinityKey: 'other', prefixEnds: [] } };
    cache.call(asked([rules]), 0);
    expect(cache.call(other, 0).cacheRead).toBe(0);
    expect(cache.call({ messages: [rules] }, 0).cacheRead).toBe(0);
    expect(cache.call(asked([rules]), 0).cacheRead).toBe(1408);
  });
});

describe('the rules of `openai-marks`', () => {
  it('mark the last message, find it however far back, and charge for what is written', () => {
    const { cache } = openCache('openai-marks');
    expect(cache.call(asked([rules, question]), 0)).toMatchObject({ cacheWrite: 1800, cost: 2250 });
    const steps = Array.from({ length: 40 }, (_, index) => sized(`step ${index}`, 'user', 50));
    expect(cache.call(asked([rules, question, ...steps]), 0)).toMatchObject({
      cacheRead: 1800,
      cacheWrite: 2000,
    });
  });

  it('read nothing of a prefix at whose end no mark stood', () => {
    const { cache } = openCache('openai-marks');
    cache.call(asked([rules, question, answer]), 0);
    expect(cache.call(asked([rules, question, next]), 0).cacheRead).toBe(0);
    cache.call(asked([rules, answer], ['rules']), 0);
    expect(cache.call(asked([rules, next], ['rules']), 0)).toMatchObject({
      cacheRead: 1500,
      cacheWrite: 100,
    });
  });

  it('keep a prefix for 30 minutes', async () => {
    const { cache, clock } = openCache('openai-marks');
    cache.call(asked([rules]), 0);
    await clock.advance(30 * minute - 1);
    expect(cache.call(asked([rules]), 0).cacheRead).toBe(1500);
    await clock.advance(30 * minute);
    expect(cache.call(asked([rules]), 0).cacheRead).toBe(0);
  });
});

describe('the rules of `anthropic`', () => {
  it('keep only what ends at a mark, for a quarter more, and read it at a tenth', () => {
    const { cache } = openCache('anthropic');
    expect(cache.call(asked([rules, question]), 0)).toMatchObject({
      cacheRead: 0,
      cacheWrite: 0,
      cost: 1800,
    });
    expect(cache.call(asked([rules, question], ['rules']), 10)).toEqual({
      input: 1800,
      cacheRead: 0,
      cacheWrite: 1500,
      output: 10,
      cost: 1500 * 1.25 + 300 + 50,
    });
    expect(cache.call(asked([rules, question], ['rules']), 10).cost).toBe(150 + 300 + 50);
  });

  it('write from the end that is read to the last mark', () => {
    const { cache } = openCache('anthropic');
    cache.call(asked([rules, question], ['rules', 'question']), 0);
    expect(cache.call(asked([rules, question, answer, next], ['rules', 'answer']), 0)).toMatchObject({
      cacheRead: 1800,
      cacheWrite: 200,
    });
  });

  it('look at 20 blocks from a mark backwards, and no further', () => {
    const steps = Array.from({ length: 20 }, (_, index) => sized(`step ${index}`, 'user', 50));
    for (const [more, cacheRead] of [
      [19, 1800],
      [20, 1500],
    ] as const) {
      const { cache } = openCache('anthropic');
      cache.call(asked([rules, question], ['rules', 'question']), 0);
      const messages = [rules, question, ...steps.slice(0, more)];
      expect(cache.call(asked(messages, ['rules', `step ${more - 1}`]), 0).cacheRead).toBe(cacheRead);
    }
  });

  it('take four marks of a request: the first one and the last three', () => {
    const { cache } = openCache('anthropic');
    const messages = [rules, ...['a', 'b', 'c', 'd'].map((id) => sized(id, 'user', 100))];
    cache.call(asked(messages, ['rules', 'a', 'b', 'c', 'd']), 0);
    const readOf = (id: string) => {
      const until = messages.findIndex((message) => message.id === id) + 1;
      const changed = sized(`not ${id}`, 'user', 100);
      return cache.call(asked([...messages.slice(0, until), changed], ['rules', id]), 0).cacheRead;
    };
    expect([readOf('b'), readOf('rules')]).toEqual([1700, 1500]);
    const fresh = openCache('anthropic').cache;
    fresh.call(asked(messages, ['rules', 'a', 'b', 'c', 'd']), 0);
    expect(fresh.call(asked(messages.slice(0, 2), ['a']), 0).cacheRead).toBe(1500);
  });

  it('keep nothing below the shortest prefix of the model', () => {
    const clock = createTestClock();
    const vendor = { ...cacheRules.anthropic, minTokens: 4096 };
    const cache = createPrefixCache({ vendor, clock, counter });
    for (const [tokens, cacheRead] of [
      [4095, 0],
      [4096, 4096],
    ] as const) {
      const request = asked([sized('m', 'user', tokens)], ['m']);
      expect(cache.call(request, 0).cacheWrite).toBe(cacheRead);
      expect(cache.call(request, 0).cacheRead).toBe(cacheRead);
    }
  });

  it('renew the five minutes by reading', async () => {
    const { cache, clock } = openCache('anthropic');
    const reads: number[] = [];
    for (const minutes of [0, 4, 4, 5]) {
      await clock.advance(minutes * minute);
      reads.push(cache.call(asked([rules], ['rules']), 0).cacheRead);
    }
    expect(reads).toEqual([0, 1500, 1500, 0]);
  });

  it('read tools before system before messages, and all behind a change as new', () => {
    const tool = { name: 'look', description: 'Looks.'.repeat(400), inputSchema: {} };
    const ends = ['rules', 'question'];
    const prompt = asked([question, rules], ends, { tools: [tool] });
    const readAfter = (request: ChatRequest) => {
      const { cache } = openCache('anthropic');
      const { input } = cache.call(prompt, 0);
      return { input, read: cache.call(request, 0).cacheRead };
    };
    const { input, read } = readAfter(prompt);
    expect(read).toBe(input);
    // The order of system messages among others is not sent.
    expect(readAfter(asked([rules, question], ends, { tools: [tool] })).read).toBe(input);
    const other = sized('question', 'user', 299);
    expect(readAfter(asked([rules, other], ends, { tools: [tool] })).read).toBe(input - 300);
    expect(readAfter(asked([rules, question], ends, { tools: [{ ...tool, name: 'see' }] })).read).toBe(0);
    expect(readAfter(asked([rules, question], ends, { tools: [tool], toolChoice: 'none' })).read).toBe(
      input - 300,
    );
    expect(readAfter(asked([rules, question], ends, { tools: [tool], toolChoice: 'auto' })).read).toBe(input);
    const output = { name: 'shape', schema: {} };
    expect(readAfter(asked([rules, question], ends, { tools: [tool], output })).read).toBe(0);
  });
});

describe('the rules of `mistral`', () => {
  it('read blocks of 64 tokens, for requests that have a key', () => {
    const { cache } = openCache('mistral');
    const short = asked([sized('m', 'user', 130)]);
    cache.call(short, 0);
    expect(cache.call(short, 0)).toMatchObject({ cacheRead: 128, cacheWrite: 0, cost: 2 + 12.8 });
    cache.call({ messages: [rules] }, 0);
    expect(cache.call({ messages: [rules] }, 0).cacheRead).toBe(0);
    cache.call(asked([sized('s', 'user', 63)]), 0);
    expect(cache.call(asked([sized('s', 'user', 63)]), 0).cacheRead).toBe(0);
  });
});

describe('createPrefixCache', () => {
  it('goes by what is sent: ids, times and metadata change nothing, a changed part does', () => {
    const { cache } = openCache('openai');
    cache.call(asked([rules, question]), 0);
    const copy = { ...structuredClone(question), id: 'other', createdAt: 7, metadata: { a: 1 } };
    expect(cache.call(asked([rules, copy]), 0).cacheRead).toBe(1792);
    const says = { ...question, role: 'assistant' } as const;
    expect(cache.call(asked([rules, says]), 0).cacheRead).toBe(1408);
  });

  it('bills by the rates it is given', () => {
    const rates = { input: 2, cacheRead: 1, cacheWrite: 3, output: 10 };
    const cache = createPrefixCache({ vendor: 'anthropic', counter, rates });
    expect(cache.call(asked([rules, question], ['rules']), 7).cost).toBe(3 * 1500 + 2 * 300 + 70);
    expect(cache.call(asked([rules, question], ['rules']), 7).cost).toBe(1500 + 2 * 300 + 70);
  });

  it('refuses a vendor without rules and an impossible output', () => {
    expect(() => createPrefixCache({ vendor: 'nobody' as 'openai' })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', path: 'vendor' }),
    );
    expect(() => openCache('openai').cache.call(asked([rules]), -1)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', path: 'output' }),
    );
  });

  it('never bills more than was sent, and reads a request that comes again as far as it was kept', () => {
    const message = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      role: fc.constantFrom<Role>('system', 'user', 'assistant'),
      tokens: fc.integer({ min: 4, max: 3000 }),
    });
    const call = fc.record({
      messages: fc.array(message, { minLength: 1, maxLength: 8 }),
      ends: fc.subarray(['a', 'b', 'c', 'd', 'e', 'f']),
      key: fc.constantFrom('one', 'two'),
      waitMs: fc.constantFrom(0, 60_000, 400_000),
    });
    fc.assert(
      fc.property(
        fc.constantFrom<CacheVendor>('openai', 'openai-marks', 'anthropic', 'mistral'),
        fc.array(call, { maxLength: 8 }),
        (vendor, calls) => {
          let now = 0;
          const clock = { now: () => now, after: () => () => undefined };
          const cache = createPrefixCache({ vendor, clock, counter });
          for (const { messages, ends, key, waitMs } of calls) {
            now += waitMs;
            const request = {
              messages: messages.map(({ id, role, tokens }) => sized(id, role, tokens)),
              cache: { affinityKey: key, prefixEnds: ends },
            };
            const total = messages.reduce((sum, { tokens }) => sum + tokens, 0);
            const first = cache.call(request, 0);
            const again = cache.call(request, 0);
            const { cacheRead, cacheWrite, rates } = { ...first, rates: cacheRules[vendor].rates };
            const uncached = total - cacheRead - cacheWrite;
            expect(first.input).toBe(total);
            expect(Math.min(cacheRead, cacheWrite, uncached)).toBeGreaterThanOrEqual(0);
            expect(first.cost).toBeCloseTo(uncached + cacheRead * 0.1 + cacheWrite * rates.cacheWrite, 6);
            expect(again.cacheRead).toBeGreaterThanOrEqual(cacheRead + cacheWrite);
            expect(again.cacheWrite).toBe(0);
            const { ends: where, minTokens } = cacheRules[vendor];
            if (where.at === 'steps' && total >= minTokens)
              expect(again.cacheRead).toBe(total - (total % where.tokens));
          }
        },
      ),
    );
  });
});
