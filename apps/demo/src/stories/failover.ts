import { createMessage } from '@loci/core';
import { createRouter, type RouterEvent, routeOf } from '@loci/router';
import { printRoute, printStatistics } from '@loci/router/print';
import { chapter, note, print } from '../cli/output.js';
import type { Story } from '../cli/story.js';
import { openStandIns } from '../wiring/parties.js';

const request = { messages: [createMessage({ role: 'user', content: 'Lima is warm. How is Lima?' })] };

/** A vendor is killed and comes back, and every question is answered. */
export const failover: Story = {
  name: 'failover',
  about: 'a vendor is killed and comes back; every question is answered, and each decision explained',
  options: [],
  details: ['The vendors are servers in this process, so that one of them can be killed.'],
  async run() {
    const parties = await openStandIns();
    const [first] = parties;
    const router = createRouter({
      models: parties.map(({ name, model }) => ({ id: name, model })),
      // Short, so that the story is: five failures in a row, and half a second until it is tried again.
      breaker: { openMs: 500 },
      retry: { pauseMs: 20 },
      onEvent: (event) => tell(event),
    });
    try {
      chapter('All is well');
      await ask();
      chapter('The server of the first is killed');
      await first?.kill();
      for (let question = 0; question < 5; question++) await ask();
      chapter('It is back, and found out by the next probe');
      await first?.restart();
      while ((await ask()) !== first?.name) await new Promise((resolve) => setTimeout(resolve, 100));
      chapter('What became of all that');
      print(printStatistics(router.statistics.snapshot()));
      return 0;
    } finally {
      await Promise.all(parties.map(({ close }) => close()));
    }

    /** Resolves who answered. */
    async function ask(): Promise<string | null | undefined> {
      const route = routeOf(await router.generate(request));
      if (route) print(`${printRoute(route)}\n`);
      return route?.answeredBy;
    }
  },
};

function tell(event: RouterEvent): void {
  if (event.type === 'failover') note(`  event: ${event.from} failed (${event.kind}), ${event.to} is asked`);
  if (event.type === 'health-changed')
    note(`  event: the breaker of ${event.id} goes from ${event.from} to ${event.to} (${event.reason})`);
}
