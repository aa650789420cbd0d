// Prints how many of five aborts amid a stream were lost after a garbage collection: by the bare SDK, and by us.
import { createMessage } from '@loci/core';
import { mistral } from '@loci/providers-mistral';
import { startMistral } from '@loci/testing/mistral';
import { Mistral } from '@mistralai/mistralai';

const rounds = 5;
const server = await startMistral({ answer: () => 'one two three' });

const bare = async (signal, onContent) => {
  const client = new Mistral({ serverURL: server.url, apiKey: 'k' });
  const messages = [{ role: 'user', content: 'hi' }];
  const stream = await client.chat.stream({ model: 'm', messages }, { signal });
  for await (const { data } of stream) if (data.choices[0]?.delta.content) onContent();
};
const ours = async (signal, onContent) => {
  const model = mistral('m', { baseUrl: server.url, apiKey: 'k' });
  const messages = [createMessage({ role: 'user', content: 'hi' })];
  for await (const event of model.stream({ messages }, { signal })) if ('text' in event) onContent();
};

async function countLost(run) {
  let lost = 0;
  for (let round = 0; round < rounds; round++) {
    server.setFault('stall');
    const controller = new AbortController();
    const begun = Promise.withResolvers();
    const ended = run(controller.signal, begun.resolve).then(
      () => false,
      () => false,
    );
    await begun.promise;
    for (let collected = 0; collected < 3; collected++) {
      globalThis.gc();
      await new Promise((resolve) => setImmediate(resolve));
    }
    controller.abort();
    // An abort that is heard ends the stream within a turn or two.
    const late = new Promise((resolve) => setTimeout(resolve, 300, true));
    if (await Promise.race([ended, late])) lost += 1;
    server.release();
    await ended;
  }
  return lost;
}

process.stdout.write(JSON.stringify({ bare: await countLost(bare), ours: await countLost(ours) }));
await server.close();
