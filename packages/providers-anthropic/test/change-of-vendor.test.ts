import { type ChatModel, createMessage, type Message, messageText } from '@loci/core';
import type { MessagesBody, WireBlock } from '@loci/testing/anthropic';
import { describe, expect, it } from 'vitest';
import { blocksOf, bodyOf, connect, failureOf, start } from './harness.js';

const tools = [{ name: 'weather', description: 'The weather.', inputSchema: { type: 'object' } }];

/** Thinks and calls until it has a result, then thinks and answers with it. */
function agentAnswer({ messages }: MessagesBody) {
  const content = messages.at(-1)?.content ?? [];
  const blocks: readonly WireBlock[] = typeof content === 'string' ? [] : content;
  const results = blocks.filter((block) => block.type === 'tool_result');
  return results.length > 0
    ? { thinking: 'I know.', text: results.map((block) => String(block.content)).join(' ') }
    : { thinking: 'Let me look.', toolCalls: [{ name: 'weather', input: { city: 'Porto' } }] };
}

/** One question, the calls that it needs and the answer, on top of a history. */
async function runTurn(model: ChatModel, history: readonly Message[], question: string): Promise<Message[]> {
  const messages = [...history, createMessage({ role: 'user', content: question })];
  for (let round = 0; round < 5; round++) {
    const { message, finishReason } = await model.generate({ messages, tools, reasoning: { effort: 'low' } });
    messages.push(message);
    if (finishReason !== 'tool-calls') return messages;
    const results = message.content.flatMap((part) =>
      part.type === 'tool-call'
        ? [
            {
              type: 'tool-result' as const,
              toolCallId: part.toolCallId,
              toolName: part.toolName,
              output: '19 °C',
              isError: false,
            },
          ]
        : [],
    );
    messages.push(createMessage({ role: 'tool', content: results }));
  }
  throw new Error('The turn did not end.');
}

/** A turn as another vendor leaves it: its own reasoning, and an id as it makes them. */
function foreignTurn(provider: string, toolCallId: string): Message[] {
  const origin = { provider, model: 'other' };
  return [
    createMessage({ role: 'user', content: 'And in Lima?' }),
    createMessage({
      role: 'assistant',
      content: [
        {
          type: 'reasoning',
          text: 'hm',
          origin,
          payload: { type: 'thinking', thinking: 'hm', signature: 'x' },
        },
        { type: 'tool-call', toolCallId, toolName: 'weather', input: { city: 'Lima' } },
      ],
    }),
    createMessage({
      role: 'tool',
      content: [{ type: 'tool-result', toolCallId, toolName: 'weather', output: '21 °C', isError: false }],
    }),
    createMessage({
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'so', origin },
        { type: 'text', text: 'It is 21 °C.' },
      ],
    }),
  ];
}

describe.each(['claude-opus-5', 'claude-sonnet-5-5', 'claude-haiku-4-5'])(
  'a conversation with %s',
  (modelId) => {
    it('goes on after turns of other vendors, with tool rounds and thinking in each', async () => {
      const server = await start({ answer: agentAnswer });
      const model = connect(server, {}, modelId);
      const first = await runTurn(model, [], 'How is Porto?');
      const abroad = [
        ...first,
        ...foreignTurn('openai', 'call_|fc_68:0'),
        ...foreignTurn('mistral', 'a1B2c3D4e'),
      ];
      const last = await runTurn(model, abroad, 'And now in Porto?');
      expect(messageText(last.at(-1) ?? { content: [] })).toBe('19 °C');
      expect(server.requests.flatMap(({ rejected }) => rejected ?? [])).toEqual([]);
      // Its own thinking of the first turn is still there, and nobody else’s.
      const body = bodyOf(server, server.requests.length - 1);
      const thoughts = body.messages.flatMap((_, index) =>
        blocksOf(body, index).flatMap((block) => (block.type === 'thinking' ? [block.thinking] : [])),
      );
      expect(thoughts).toEqual(['Let me look.', 'I know.', 'Let me look.']);
    });

    it('goes on in the middle of a tool round that another vendor began', async () => {
      const server = await start({ answer: agentAnswer });
      const model = connect(server, {}, modelId);
      const begun = foreignTurn('openai', 'call_1').slice(0, 3);
      const { message } = await model.generate({ messages: begun, tools, reasoning: { effort: 'high' } });
      expect(messageText(message)).toBe('21 °C');
      expect(server.requests[0]?.rejected).toBeUndefined();
    });

    it('goes on after a turn that was cut in the middle', async () => {
      const server = await start({ answer: agentAnswer });
      const model = connect(server, {}, modelId);
      const question = createMessage({ role: 'user', content: 'How is Porto?' });
      server.setFault('cut');
      const { partial } = await failureOf(
        model.generate({ messages: [question], tools, reasoning: { effort: 'low' } }),
      );
      const history = [question, ...(partial ? [partial] : [])];
      const turn = await runTurn(model, history, 'Once more: how is Porto?');
      expect(messageText(turn.at(-1) ?? { content: [] })).toBe('19 °C');
      expect(server.requests.flatMap(({ rejected }) => rejected ?? [])).toEqual([]);
    });
  },
);

describe('thinking', () => {
  it('is not replayed to another model of the same vendor, whose signature check would refuse it', async () => {
    const server = await start({ answer: agentAnswer });
    const first = await runTurn(connect(server, {}, 'claude-opus-5'), [], 'How is Porto?');
    const turn = await runTurn(connect(server, {}, 'claude-sonnet-5'), first, 'Again?');
    expect(messageText(turn.at(-1) ?? { content: [] })).toBe('19 °C');
    expect(server.requests.flatMap(({ rejected }) => rejected ?? [])).toEqual([]);
  });
});
