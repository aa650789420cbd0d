import { createMessage, messageText, openThread } from '@loci/core';
import { withMemory } from '@loci/core/turn';
import { listedPrices } from '@loci/prices';
import { createRouter, type RouterEvent, routeOf } from '@loci/router';
import { printStatistics } from '@loci/router/print';
import { shareRouter } from '@loci/router/share';
import { chapter, note, print } from '../cli/output.js';
import type { Story } from '../cli/story.js';
import { openParties, type StandInParty } from '../wiring/parties.js';
import { openStore, threadKey } from '../wiring/store.js';

/** Memory over a router: what was said and what was learnt of the vendors outlives the process. */
export const assistant: Story = {
  name: 'assistant',
  about: 'memory over the router, kept between runs, with a vendor that is killed and comes back',
  options: ['file', 'thread'],
  details: ['Run it twice: the second run knows what the first was told, and how the vendors did.'],
  async run(settings) {
    const store = openStore(settings.file);
    const parties = await openParties(settings);
    const router = createRouter({
      models: parties.map(({ name, model }) => ({ id: name, model })),
      optimizeFor: 'reliability',
      prices: listedPrices,
      retry: { pauseMs: 20 },
      onEvent: (event) => tell(event),
    });
    const share = shareRouter(router, { store, key: ['demo', 'router'] });
    const thread = openThread({ store, key: threadKey(`assistant ${settings.thread}`) });
    const model = withMemory(router, { thread, contextWindow: 16_000 });
    try {
      await share.loaded;
      const before = (await thread.view()).messages.length;
      note(before === 0 ? 'The first run.' : `A later run: ${before} messages are known.`);
      if (before === 0) await ask('My dog is called Rex.');
      const answeredBy = await ask('What is my dog called?');
      const victim = parties.find(
        (party): party is StandInParty => party.name === answeredBy && 'kill' in party,
      );
      if (victim) {
        chapter(`${victim.label} is killed`);
        await victim.kill();
        await ask('What was my dog called?');
        await victim.restart();
        chapter(`${victim.label} is back`);
        await ask('And now, what is my dog called?');
      }
      chapter('The vendors, over all runs');
      print(printStatistics(router.statistics.snapshot()));
      return 0;
    } finally {
      await share.close();
      await Promise.all(parties.map(({ close }) => close()));
      await store.close();
    }

    /** Resolves who answered. */
    async function ask(text: string): Promise<string | null | undefined> {
      const response = await model.generate({ messages: [createMessage({ role: 'user', content: text })] });
      const by = routeOf(response)?.answeredBy;
      print(`you: ${text}\n${by}: ${messageText(response.message)}\n`);
      return by;
    }
  },
};

function tell(event: RouterEvent): void {
  if (event.type === 'failover') note(`  event: ${event.from} failed (${event.kind}), ${event.to} is asked`);
}
