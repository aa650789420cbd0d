// A process with a router that is shared through a store: does what it is told, line by line.
import { createMessage, ModelError } from '@loci/core';
import { createRedisStore } from '@loci/stores-redis';
import { createSqliteStore } from '@loci/stores-sqlite';
import { scriptedModel } from '@loci/testing';
import { createRouter } from '../../dist/index.js';
import { shareRouter } from '../../dist/share.js';
import { say, told } from './tools.mjs';

const [place, intervalMs] = process.argv.slice(2);
const store = place.startsWith('redis:')
  ? createRedisStore({ url: place })
  : createSqliteStore({ path: place });

const down = { kind: 'server', scope: 'provider', retry: 'other' };
let healthy = true;
const script = () => {
  if (!healthy) throw new ModelError('The vendor is down.', down);
  return 'primary';
};
const router = createRouter({
  models: [
    { id: 'primary', model: scriptedModel(script) },
    { id: 'backup', model: scriptedModel(() => 'backup') },
  ],
  retry: { pauseMs: 1 },
  breaker: { failures: 2, openMs: 60_000 },
});
const share = shareRouter(router, { store, key: ['router'], intervalMs: Number(intervalMs) });
await share.loaded;

const commands = {
  async ask() {
    const { message } = await router.generate({
      messages: [createMessage({ role: 'user', content: 'Hello.' })],
    });
    return message.content[0].text;
  },
  fail() {
    healthy = false;
  },
  breaker: () => router.health.records().find(({ id }) => id === 'primary').breaker,
  /** When the breaker was seen to open, in epoch milliseconds. */
  async opened() {
    while (commands.breaker() === 'closed') await new Promise((resolve) => setTimeout(resolve, 1));
    return Date.now();
  },
  count: () =>
    router.statistics
      .snapshot()
      .models.map(({ id, attempts }) => `${id} ${attempts}`)
      .join(', '),
  async close() {
    await share.close();
    await store.close();
  },
};

say('ready');
for (let command = await told(); command; command = await told()) {
  say((await commands[command]()) ?? 'done');
  if (command === 'close') process.exit();
}
