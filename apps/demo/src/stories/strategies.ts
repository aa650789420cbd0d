import { createMessage } from '@loci/core';
import { formatUsd, listedPrices } from '@loci/prices';
import { createRouter, routeOf, type StrategyName } from '@loci/router';
import { printStatistics } from '@loci/router/print';
import { createRandom } from '@loci/testing/conversations';
import { chapter, note, print, table } from '../cli/output.js';
import type { Story } from '../cli/story.js';
import { openStandIns } from '../wiring/parties.js';

const request = { messages: [createMessage({ role: 'user', content: 'Lima is warm. How is Lima?' })] };
const names: readonly StrategyName[] = [
  'in-order',
  'reliability',
  'performance',
  'cost',
  'round-robin',
  'random',
  'weighted',
];
const questions = 12;

/** The same questions by each strategy. */
export const strategies: Story = {
  name: 'strategies',
  about: 'the same questions by each strategy of the router, side by side, with its table',
  options: [],
  details: ['The stand-ins of the vendors take 30, 5 and 15 ms to answer; the prices are the listed ones.'],
  async run() {
    const parties = await openStandIns({ openai: 30, anthropic: 5, mistral: 15 });
    try {
      // The first call of a vendor loads its SDK.
      for (const { model } of parties) await model.generate(request);
      const rows = [['strategy', ...parties.map(({ name }) => name), 'cost', 'mean']];
      let last = '';
      for (const optimizeFor of names) {
        const router = createRouter({
          models: parties.map(({ name, model }, index) => ({ id: name, model, weight: 3 - index })),
          optimizeFor,
          prices: listedPrices,
          random: createRandom(7),
        });
        const answered = new Map<string | null | undefined, number>();
        const start = performance.now();
        for (let question = 0; question < questions; question++) {
          const by = routeOf(await router.generate(request))?.answeredBy;
          answered.set(by, (answered.get(by) ?? 0) + 1);
        }
        const ms = (performance.now() - start) / questions;
        const { models } = router.statistics.snapshot();
        const cost = models.reduce((sum, model) => sum + model.cost, 0n);
        const counts = parties.map(({ name }) => String(answered.get(name) ?? 0));
        rows.push([optimizeFor, ...counts, `$${formatUsd(cost)}`, `${ms.toFixed(0)} ms`]);
        last = printStatistics(router.statistics.snapshot());
      }
      chapter(`Who answered ${questions} questions`);
      for (const line of table(rows)) print(`${line}\n`);
      chapter(`The statistics of ${names.at(-1)}`);
      print(last);
      note('\nEvery answer says in `notes.router` why its model was chosen.');
      return 0;
    } finally {
      await Promise.all(parties.map(({ close }) => close()));
    }
  },
};
