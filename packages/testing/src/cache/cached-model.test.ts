import { createMessage } from '@loci/core';
import { countMessage, estimateCounter } from '@loci/core/turn';
import { describe, expect, it } from 'vitest';
import { cachedModel, createPrefixCache } from '../cache.js';
import { scriptedModel } from '../scripted-model.js';
import { createTestClock } from '../test-clock.js';

const request = {
  messages: [createMessage({ role: 'user', content: 'word '.repeat(3000) })],
  cache: { affinityKey: 'chat', prefixEnds: [] },
};
const openCache = () => createPrefixCache({ vendor: 'openai', clock: createTestClock() });

describe('cachedModel', () => {
  it('puts the simulated usage on answers, and sums the bill', async () => {
    const model = cachedModel(
      scriptedModel(['Yes.', { text: 'No.', reasoning: 'Well, well.' }]),
      openCache(),
    );
    const [first, second] = [await model.generate(request), await model.generate(request)];
    const input = countMessage(estimateCounter, request.messages[0] ?? { content: [] });
    expect(first.usage).toMatchObject({ input, cacheRead: 0, cacheWrite: 0, reasoning: 0 });
    expect(second.usage).toMatchObject({ input, cacheRead: input - (input % 128) });
    expect(second.usage?.output).toBe(countMessage(estimateCounter, second.message));
    expect(second.usage?.reasoning).toBeGreaterThan(0);
    const bill = model.bill();
    expect(bill).toMatchObject({ calls: 2, input: 2 * input, cacheRead: second.usage?.cacheRead });
    expect(bill.output).toBe((first.usage?.output ?? 0) + (second.usage?.output ?? 0));
    expect(bill.cost).toBeCloseTo(bill.input - bill.cacheRead * 0.9 + bill.output * 6);
  });

  it('shares the cache with other models over it, and not the bill', async () => {
    const cache = openCache();
    const [one, two] = [cachedModel(scriptedModel(['1']), cache), cachedModel(scriptedModel(['2']), cache)];
    await one.generate(request);
    await two.generate(request);
    expect(one.bill()).toMatchObject({ calls: 1, cacheRead: 0 });
    expect(two.bill().cacheRead).toBeGreaterThan(2000);
  });

  it('does not bill a call that failed or was left early', async () => {
    const cache = openCache();
    const model = cachedModel(scriptedModel([{ text: 'a b', cutAfter: 1 }, 'c d', 'e']), cache);
    await expect(model.generate(request)).rejects.toMatchObject({ kind: 'truncated' });
    for await (const _ of model.stream(request)) break;
    expect(model.bill()).toMatchObject({ calls: 0, input: 0, cost: 0 });
    expect((await model.generate(request)).usage?.cacheRead).toBe(0);
  });
});
