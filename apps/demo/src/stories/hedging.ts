import { createMessage } from '@loci/core';
import { listedPrices } from '@loci/prices';
import { createRouter, routeOf } from '@loci/router';
import { printRoute } from '@loci/router/print';
import { chapter, note, print } from '../cli/output.js';
import type { Story } from '../cli/story.js';
import { openStandIns } from '../wiring/parties.js';

const request = {
  messages: [createMessage({ role: 'user', content: 'Lima is warm. How is Lima?' })],
  maxOutputTokens: 100,
};

/** A slow vendor is overtaken by a second one. */
export const hedging: Story = {
  name: 'hedging',
  about: 'a vendor that is slow to begin is overtaken by a second one, within a ceiling of cost',
  options: [],
  details: ['The stand-in of OpenAI takes two seconds to answer, the others answer at once.'],
  async run() {
    const parties = await openStandIns({ openai: 2000 });
    try {
      for (const { model } of parties.slice(1)) await model.generate(request);
      for (const [title, hedge] of [
        ['Without hedging', undefined],
        ['A second one is asked after 100 ms', { afterMs: 100, maxCost: '0.01' }],
        ['The same with a ceiling that nobody can keep', { afterMs: 100, maxCost: '0.0000001' }],
      ] as const) {
        const router = createRouter({
          models: parties.map(({ name, model }) => ({ id: name, model })),
          prices: listedPrices,
          ...(hedge && { hedge }),
        });
        chapter(title);
        const route = routeOf(await router.generate(request));
        if (route) print(`${printRoute(route)}\n`);
      }
      note('\nThe one that lost was ended at once; what it may have cost is in its line.');
      return 0;
    } finally {
      await Promise.all(parties.map(({ close }) => close()));
    }
  },
};
