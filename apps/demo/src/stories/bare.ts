import { messageText } from '@loci/core';
import { openConversation } from '@loci/memory-typed';
import { chapter, note, print } from '../cli/output.js';
import type { Story } from '../cli/story.js';
import { UsageError } from '../cli/usage-error.js';
import { bareClients } from '../examples/bare-clients.js';
import { startStandIn } from '../wiring/stand-ins.js';
import { openStore } from '../wiring/store.js';
import { vendorNames } from '../wiring/vendors.js';

const words = ['My dog is called Rex.', 'What is my dog called?'];

/** A conversation that lasts, with the vendor's own client and none of our models. */
export const bare: Story = {
  name: 'bare',
  about: "memory with a vendor's bare client, or any client of a compatible endpoint",
  options: ['file', 'thread', 'model'],
  details: [
    'The client is new for each message, as it would be in another process: all that it knows is in the memory.',
    'Without a key a loopback server answers, which is a stand-in.',
  ],
  async run({ file, thread: id, model }) {
    if (model.vendor === 'router')
      throw new UsageError(`bare speaks to one vendor: --model takes ${vendorNames.join(', ')} here.`);
    const { vendor } = model;
    const store = openStore(file);
    const standIn = model.isLive ? undefined : await startStandIn(vendor);
    const address = standIn ? { modelId: model.modelId, baseUrl: standIn.url } : model;
    try {
      for (const content of words) {
        const conversation = openConversation({ store, key: ['demo', 'bare'], id });
        await conversation.append([{ role: 'user', content }]);
        const { sent, reply } = await bareClients[vendor](await conversation.history({ limit: 20 }), address);
        chapter(`you › ${content}   (${sent} messages go to the model)`);
        for (const message of await conversation.append(reply)) print(`${messageText(message)}\n`);
      }
      const { messageCount } = await openConversation({ store, key: ['demo', 'bare'], id }).record();
      note(`\n${messageCount} messages are kept in ${file}`);
      return 0;
    } finally {
      await standIn?.close();
      await store.close();
    }
  },
};
