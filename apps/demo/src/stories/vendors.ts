import { messageText, openThread } from '@loci/core';
import { withMemory } from '@loci/core/turn';
import { chapter, note, print } from '../cli/output.js';
import type { Story } from '../cli/story.js';
import { asksForEachCity, temperatures } from '../examples/temperatures.js';
import { askWithTools } from '../examples/tool-turn.js';
import { openParty } from '../wiring/parties.js';
import { openStore, threadKey } from '../wiring/store.js';
import { vendorNames } from '../wiring/vendors.js';

const question = 'How warm is it in Lima, Oslo and Pune?';

/** One conversation with tools and reasoning, and another vendor for each turn of it. */
export const changeOfVendor: Story = {
  name: 'vendors',
  about: 'one conversation with tools and reasoning goes from vendor to vendor, and back',
  options: ['file', 'model'],
  details: [
    'OpenAI, Anthropic, Mistral and OpenAI again take a turn each; --model names the one that begins.',
    'A vendor without a key is a server in this process, which calls the tool as a model would.',
  ],
  async run(settings) {
    const store = openStore(settings.file);
    const thread = openThread({ store, key: threadKey(`vendors ${Date.now()}`) });
    const parties = await Promise.all(vendorNames.map((name) => openParty(settings, name, asksForEachCity)));
    const first = parties.findIndex(({ name }) => name === settings.model.vendor);
    try {
      for (const turn of [0, 1, 2, 3]) {
        const party = parties[(first + turn) % parties.length];
        if (!party) break;
        chapter(`${party.label}   (${(await thread.view()).messages.length} messages go before)`);
        // A new one each turn, as in another process: all that it knows is in the thread.
        const model = withMemory(party.model, { thread, contextWindow: 16_000 });
        const warnings = new Set<string>();
        const { message } = await askWithTools(
          async (messages) => {
            const response = await model.generate({
              messages,
              tools: temperatures,
              reasoning: { effort: 'low' },
            });
            for (const part of response.message.content) {
              if (part.type === 'reasoning') note(`  thinks: ${part.text}`);
              if (part.type === 'tool-call') note(`  calls ${part.toolName} ${JSON.stringify(part.input)}`);
            }
            for (const warning of response.warnings) warnings.add(warning.message);
            return response;
          },
          question,
          temperatures,
        );
        for (const warning of warnings) note(`  (${warning})`);
        print(`${party.name}: ${messageText(message)}\n`);
      }
      note(`\n${(await thread.view()).messages.length} messages are one thread in ${settings.file}`);
      return 0;
    } finally {
      await Promise.all(parties.map((party) => party.close()));
      await store.close();
    }
  },
};
