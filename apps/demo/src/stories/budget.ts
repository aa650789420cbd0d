import { createMessage } from '@loci/core';
import { formatUsd, listedPrices } from '@loci/prices';
import { createRouter, RouteError, routeOf } from '@loci/router';
import { BudgetError, createBudget } from '@loci/router/budget';
import { chapter, note, print } from '../cli/output.js';
import type { Story } from '../cli/story.js';
import { openStandIns } from '../wiring/parties.js';

const request = {
  messages: [createMessage({ role: 'user', content: 'Lima is warm. How is Lima?' })],
  maxOutputTokens: 20,
};

/** What each call costs, and a limit that holds. */
export const budget: Story = {
  name: 'budget',
  about: 'what each answer costs, exactly, and a budget that is never exceeded',
  options: [],
  details: ['Prices are the listed ones, dated; a model without a price is never taken for free.'],
  async run() {
    const parties = await openStandIns();
    const limit = createBudget({
      limit: '0.00004',
      onEvent: ({ threshold }) => note(`  event: ${threshold * 100} % of the budget is spent`),
    });
    const router = createRouter({
      models: parties.map(({ name, model }) => ({ id: name, model })),
      optimizeFor: 'cost',
      prices: listedPrices,
      budget: limit,
    });
    try {
      chapter('As cheap as possible, until nothing is left');
      for (;;) {
        const route = routeOf(await router.generate(request));
        print(`${route?.answeredBy}: $${route?.cost}; in all $${formatUsd(limit.state().spent)}\n`);
      }
    } catch (error) {
      if (!RouteError.isInstance(error) || !BudgetError.isInstance(error.cause)) throw error;
      print(`${error.cause.message}\n`);
      const { spent, limit: most } = limit.state();
      return spent <= most ? 0 : 1;
    } finally {
      await Promise.all(parties.map(({ close }) => close()));
    }
  },
};
