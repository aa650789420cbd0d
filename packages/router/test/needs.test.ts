import { type ChatRequest, createMessage, type Feature, type ModelTraits } from '@loci/core';
import { scriptedModel } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { routeOf } from '../src/index.js';
import { answerOf, ask, createStage } from './harness.js';

const all = scriptedModel([]).traits.features;
const without = (feature: Feature, is: 'no' | 'unknown' = 'no'): Partial<ModelTraits> => ({
  features: { ...all, [feature]: is },
});
const media = (type: 'image' | 'file') =>
  createMessage({ role: 'user', content: [{ type, mediaType: 'image/png', data: 'aGVsbG8=' }] });

const requests: readonly (readonly [Feature, ChatRequest])[] = [
  ['tools', { ...ask, tools: [{ name: 'weather', description: 'The weather.', inputSchema: {} }] }],
  ['images', { messages: [media('image')] }],
  ['files', { messages: [...ask.messages, media('file')] }],
  ['output-schema', { ...ask, output: { name: 'answer', schema: {} } }],
  ['system', { messages: [createMessage({ role: 'system', content: 'Be brief.' }), ...ask.messages] }],
];

describe('[F2] what the request needs', () => {
  for (const [feature, request] of requests)
    it(`${feature}: a model without it is left out, and the reason is given`, async () => {
      const stage = createStage();
      const lacking = stage.model('lacking', ['lacking'], without(feature));
      const router = stage.router({ models: [lacking, stage.model('able', ['able'])] });
      const response = await stage.generate(router, {}, request);
      expect(answerOf(response)).toBe('able');
      expect(routeOf(response)?.excluded).toEqual([
        { id: 'scripted/lacking', reason: expect.stringContaining(feature) },
      ]);
      const plain = await stage.generate(router);
      expect(answerOf(plain)).toBe('lacking');
      expect(routeOf(plain)?.excluded).toEqual([]);
    });

  it('a model that does not say is asked', async () => {
    const stage = createStage();
    const router = stage.router({ models: [stage.model('a', ['a'], without('tools', 'unknown'))] });
    expect(answerOf(await stage.generate(router, {}, requests[0]?.[1]))).toBe('a');
  });

  it('the context window must hold the question and the longest answer', async () => {
    const stage = createStage();
    const small = stage.model('small', ['small'], { contextWindow: 1000 });
    const router = stage.router({
      models: [small, stage.model('large', ['large'], { contextWindow: 5000 })],
    });
    const long = { messages: [createMessage({ role: 'user', content: 'word '.repeat(1200) })] };
    expect(answerOf(await stage.generate(router, {}, long))).toBe('large');
    expect(answerOf(await stage.generate(router, {}, { ...ask, maxOutputTokens: 1000 }))).toBe('large');
    expect(answerOf(await stage.generate(router, {}, { ...ask, maxOutputTokens: 500 }))).toBe('small');
    expect(small.requests).toHaveLength(1);
  });

  it('where nobody has it the call fails at once with every reason, and as too long where a shorter one would do', async () => {
    const stage = createStage();
    const model = stage.model('a', ['a'], { ...without('tools'), contextWindow: 100 });
    const router = stage.router({ models: [model, { model, id: 'b' }] });
    await expect(stage.generate(router, {}, requests[0]?.[1])).rejects.toMatchObject({
      kind: 'invalid-request',
      message: expect.stringMatching(/scripted\/a: .*tools.*; b: .*tools/),
      route: { attempts: [], excluded: [{ id: 'scripted/a' }, { id: 'b' }] },
    });
    await expect(
      stage.generate(
        router,
        {},
        { messages: [createMessage({ role: 'user', content: 'word '.repeat(200) })] },
      ),
    ).rejects.toMatchObject({ kind: 'context-length', scope: 'request' });
    expect(model.requests).toHaveLength(0);
  });
});

describe('[F2] what the router requires', () => {
  it('leaves out what is missing and what is not said, for every request', async () => {
    const stage = createStage();
    const router = stage.router({
      models: [
        stage.model('blind', ['blind'], { ...without('images'), contextWindow: 9000 }),
        stage.model('vague', ['vague'], { ...without('images', 'unknown'), contextWindow: 9000 }),
        stage.model('endless', ['endless']),
        stage.model('small', ['small'], { contextWindow: 8000 }),
        stage.model('fit', ['fit'], { contextWindow: 9000 }),
      ],
      require: { features: ['images'], contextWindow: 9000 },
    });
    const response = await stage.generate(router);
    expect(answerOf(response)).toBe('fit');
    expect(routeOf(response)?.excluded.map(({ id }) => id)).toEqual(
      ['blind', 'vague', 'endless', 'small'].map((id) => `scripted/${id}`),
    );
  });

  it('a router has the weakest traits of those that are left', () => {
    const stage = createStage();
    const router = stage.router({
      models: [
        stage.model('a', [], { ...without('tools', 'unknown'), contextWindow: 9000, maxOutputTokens: 100 }),
        stage.model('b', [], { ...without('files'), contextWindow: 8000 }),
        stage.model('c', [], { ...without('images'), contextWindow: 10 }),
      ],
      require: { features: ['images'] },
    });
    expect(router.traits).toEqual({
      features: { ...all, tools: 'unknown', files: 'no' },
      contextWindow: 8000,
      maxOutputTokens: 'unknown',
    });
    expect([router.provider, router.modelId]).toEqual(['scripted', 'router']);
  });
});
