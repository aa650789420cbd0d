import type { Usage } from '@loci/core';
import { equal, holds, like } from '../kit/assertions.js';
import type { Case } from '../kit/suite.js';
import type { ModelScenario } from './scenarios.js';
import { read, responseOf, type Stage, sceneCase } from './tools.js';

function usageCase(id: string, scenario: ModelScenario, title: string, usage: Partial<Usage>): Case<Stage> {
  return sceneCase(id, scenario, title, async (scene) => {
    like(responseOf(await read(scene)).usage, usage);
  });
}

export const usageCases = [
  sceneCase(
    'usage/convention',
    'text',
    'usage is in one convention: totals, of which cached and of which reasoning',
    async (scene) => {
      const { usage } = responseOf(await read(scene));
      holds(usage, 'the vendor stated its usage');
      for (const count of Object.values(usage))
        holds(Number.isSafeInteger(count) && count >= 0, `a count is ${count}`);
      holds(usage.cacheRead + usage.cacheWrite <= usage.input, 'more was cached than was sent');
      holds(usage.reasoning <= usage.output, 'more was reasoned than was answered');
    },
  ),

  usageCase('usage/cached', 'cached', 'the total of the input counts what a cache gave', {
    input: 100,
    cacheRead: 40,
    output: 20,
  }),
  usageCase('usage/cache-write', 'cache-write', 'the total of the input counts what a cache took', {
    input: 100,
    cacheRead: 0,
    cacheWrite: 8,
    output: 20,
  }),
  usageCase('usage/reasoning', 'counted-reasoning', 'the total of the output counts reasoning', {
    input: 100,
    output: 20,
    reasoning: 6,
  }),

  sceneCase('usage/null', 'no-usage', 'usage is null where the vendor did not say', async (scene) => {
    equal(responseOf(await read(scene)).usage, null);
  }),
];
