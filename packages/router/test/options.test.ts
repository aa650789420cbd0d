import { InvalidInputError } from '@loci/core';
import { scriptedModel } from '@loci/testing';
import { expect, it } from 'vitest';
import { createRouter, type RouterOptions } from '../src/index.js';

const model = scriptedModel(['']);
const wrong: readonly (readonly [string, object])[] = [
  ['models', { models: [] }],
  ['models', {}],
  ['models[0]', { models: [42] }],
  ['models[1].model', { models: [model, { model: 'missing' }] }],
  ['models[1]', { models: [model, model] }],
  ['fallbacks[0]', { fallbacks: [model] }],
  ['fallbacks', { fallbacks: 'backup' }],
  ['models[0].weight', { models: [{ model, weight: -1 }] }],
  ['models[0].id', { models: [{ model, id: '' }] }],
  ['require', { require: { contextWindow: 10 } }],
  ['require.features', { require: { features: ['vision'] } }],
  ['maxAttempts', { maxAttempts: 0 }],
  ['timeouts.idleMs', { timeouts: { idleMs: -1 } }],
  ['breaker.ratio', { breaker: { ratio: 1.5 } }],
  ['retry.budget.ratio', { retry: { budget: { ratio: Number.NaN } } }],
  ['hedge.afterMs', { hedge: { afterMs: 'p99' } }],
  ['hedge', { hedge: {} }],
  ['hedge.maxCost', { hedge: { afterMs: 1, maxCost: '1 $' } }],
  ['afterContent', { afterContent: 'splice' }],
  ['failover.auth', { failover: { auth: 'no' } }],
  ['options.optimizeFor', { optimizeFor: 'luck' }],
];

for (const [path, options] of wrong)
  it(`${path} that cannot be used is refused by its name: ${JSON.stringify(options).slice(0, 60)}`, () => {
    const given = path === 'models' ? options : { models: [model], ...options };
    let error: unknown;
    try {
      createRouter(given as RouterOptions);
    } catch (thrown) {
      error = thrown;
    }
    expect(InvalidInputError.isInstance(error) && error.path).toBe(path);
  });

it('an unknown name is refused with the names that there are', () => {
  expect(() => createRouter({ models: ['gpt'], registry: { fast: model, good: model } })).toThrow(
    /fast, good/,
  );
  expect(() => createRouter({ models: ['toString'] })).toThrow(/registry/);
});
