import { type ChatModel, type ChatRequest, type Message, ModelError, messageText } from '@loci/core';
import { anthropic } from '@loci/providers-anthropic';
import { mistral } from '@loci/providers-mistral';
import { openai } from '@loci/providers-openai';
import { describe, expect, it, onTestFinished } from 'vitest';
import { asksForEachCity, temperatures } from '../src/examples/temperatures.js';
import { askWithTools } from '../src/examples/tool-turn.js';
import { startStandIn } from '../src/wiring/stand-ins.js';
import { runDemo, temporaryFolder } from './start-demo.js';

const question = 'How warm is it in Lima, Oslo and Pune?';
const answer = 'Lima: 19 °C, Oslo: 4 °C, Pune: 31 °C.';

/** The three vendors, each behind a judge that refuses what the vendor would refuse. */
async function startVendors() {
  const servers = {
    openai: await startStandIn('openai', { answerer: asksForEachCity }),
    anthropic: await startStandIn('anthropic', { answerer: asksForEachCity }),
    mistral: await startStandIn('mistral', { answerer: asksForEachCity }),
  };
  onTestFinished(() => Promise.all(Object.values(servers).map((server) => server.close())).then(() => {}));
  const models = {
    openai: openai('gpt-5.4-mini', { baseUrl: servers.openai.url, api: 'responses' }),
    anthropic: anthropic('claude-opus-5', { baseUrl: servers.anthropic.url }),
    mistral: mistral('mistral-medium-3-5', { baseUrl: servers.mistral.url }),
  };
  const refusals = () =>
    Object.values(servers).flatMap(({ requests }) => requests.flatMap(({ rejected }) => rejected ?? []));
  return { servers, models, refusals };
}

type Name = keyof Awaited<ReturnType<typeof startVendors>>['models'];
const journey: readonly Name[] = ['openai', 'anthropic', 'mistral', 'openai'];

const settings: Omit<ChatRequest, 'messages'> = { tools: temperatures, reasoning: { effort: 'low' } };

/** Sends the history with what is new; an answer that is cut stays in it as far as it came, and is asked for once more. */
function talk(model: ChatModel, history: Message[], cuts: ModelError[] = []) {
  return async (added: readonly Message[]) => {
    history.push(...added);
    for (;;) {
      try {
        const response = await model.generate({ ...settings, messages: history });
        history.push(response.message);
        return response;
      } catch (error) {
        if (!ModelError.isInstance(error) || error.kind !== 'truncated') throw error;
        cuts.push(error);
        if (error.partial) history.push(error.partial);
      }
    }
  };
}

function partsOf(history: readonly Message[], type: string): number {
  return history.flatMap(({ content }) => content.filter((part) => part.type === type)).length;
}

describe('a conversation that goes from vendor to vendor', () => {
  it('[G11] takes three tool rounds and reasoning along: OpenAI, Anthropic, Mistral, OpenAI', async () => {
    const { models, servers, refusals } = await startVendors();
    const history: Message[] = [];
    for (const name of journey) {
      const { message } = await askWithTools(talk(models[name], history), question, temperatures);
      expect(messageText(message)).toBe(answer);
    }
    expect(refusals()).toEqual([]);
    expect([partsOf(history, 'tool-call'), partsOf(history, 'tool-result')]).toEqual([12, 12]);
    expect(partsOf(history, 'reasoning')).toBe(16);
    expect(Object.values(servers).map(({ requests }) => requests.length)).toEqual([8, 4, 4]);
    // OpenAI is given its own reasoning back after two turns abroad, and nobody else's.
    const last = JSON.stringify(servers.openai.requests.at(-1)?.body);
    expect(last.match(/"type":"reasoning"/g)).toHaveLength(7);
    expect(last).not.toContain('signature');
  });

  it('goes on where the stream is cut in the middle of each turn', async () => {
    const { models, servers, refusals } = await startVendors();
    const history: Message[] = [];
    const cuts: ModelError[] = [];
    for (const name of journey) {
      const send = talk(models[name], history, cuts);
      let calls = 0;
      const { message } = await askWithTools(
        (added) => {
          calls++;
          // The second round, and the answer itself.
          if (calls === 2 || calls === 4) servers[name].setFault('cut');
          return send(added);
        },
        question,
        temperatures,
      );
      expect(messageText(message)).toContain('Pune: 31 °C.');
    }
    expect(cuts).toHaveLength(8);
    for (const cut of cuts)
      expect(cut.partial?.content.some(({ type }) => type === 'tool-call')).not.toBe(true);
    expect(refusals()).toEqual([]);
    expect([partsOf(history, 'tool-call'), partsOf(history, 'tool-result')]).toEqual([12, 12]);
  });

  it('is shown by the demo, from whichever vendor it begins', async () => {
    const folder = temporaryFolder();
    const { code, stdout, stderr } = await runDemo(['vendors', '--model', 'mistral'], { folder });
    expect(code).toBe(0);
    const speakers = ['mistral', 'openai', 'anthropic', 'mistral'];
    expect(stdout).toBe(speakers.map((name) => `${name}: ${answer}\n`).join(''));
    expect(stderr).toContain('Anthropic, a stand-in   (16 messages go before)');
    expect(stderr).toContain('32 messages are one thread');
  });
});

describe('--model', () => {
  it.each(['openai', 'anthropic', 'mistral'] as const)(
    '%s answers in the chat and to its bare client, without a key',
    async (vendor) => {
      const folder = temporaryFolder();
      const input = 'My dog is called Rex.\nWhat is my dog called?\n';
      const chat = await runDemo(['chat', '--model', vendor], { folder, input });
      expect(chat).toMatchObject({ code: 0, stdout: 'Noted.\nMy dog is called Rex.\n' });
      const bare = await runDemo(['bare', '--model', vendor], { folder });
      expect(bare).toMatchObject({ code: 0, stdout: 'Noted.\nMy dog is called Rex.\n' });
      expect(bare.stderr).toContain('4 messages are kept');
    },
  );

  it.each([
    ['anthropic', 'ANTHROPIC', 'claude-haiku-4-5'],
    ['mistral', 'MISTRAL', 'mistral-small-2603'],
    ['openai', 'OPENAI', 'gpt-4.1'],
  ] as const)(
    '%s with a key is asked for the model that is named, and is named where it fails',
    async (vendor, variable, modelId) => {
      const server = await startStandIn(vendor, { answerer: () => ({ text: 'Hello from afar.' }) });
      onTestFinished(() => server.close());
      const environment = { [`${variable}_API_KEY`]: 'sk-demo-test', [`${variable}_BASE_URL`]: server.url };
      const options = { folder: temporaryFolder(), input: 'Hi\n', environment };
      const named = await runDemo(['--model', `${vendor}:${modelId}`], options);
      expect(named).toMatchObject({ code: 0, stdout: 'Hello from afar.\n' });
      expect(named.stderr).not.toContain('tand-in');
      // The only vendor with a key needs no name.
      await runDemo([], options);
      expect(server.requests.map(({ body }) => body)).toMatchObject([{ model: modelId }, {}]);
      await server.close();
      const { stderr } = await runDemo(['--model', vendor], options);
      expect(stderr).toContain(`Check the network and ${variable}_BASE_URL`);
    },
  );

  it('is taken by stories that ask no model, and changes nothing there', async () => {
    const { code, stderr } = await runDemo(['list', '--model', 'anthropic'], { folder: temporaryFolder() });
    expect(code).toBe(0);
    expect(stderr).toContain('list asks no model');
  });
});
