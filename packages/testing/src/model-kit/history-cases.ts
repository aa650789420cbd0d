import { type ChatRequest, createMessage, type Message, ModelError, type Part } from '@loci/core';
import { createRandom } from '../chaos/random.js';
import { anyConversation } from '../conversations/any-conversation.js';
import { equal, holds } from '../kit/assertions.js';
import {
  ask,
  askWithTool,
  callsOf,
  hasText,
  modelCase,
  read,
  responseOf,
  type Scene,
  sceneCase,
  send,
} from './tools.js';

const more = createMessage({ id: 'more', role: 'user', content: 'And now?', createdAt: 9 });
const histories = 40;

/** The history with a mark of its own on everything that says something, and these marks. */
function withMarks(messages: readonly Message[]): { messages: Message[]; marks: string[] } {
  const marks: string[] = [];
  const mark = (text: string) => {
    marks.push(`mark-${marks.length}.`);
    return `${text} ${marks.at(-1)}`;
  };
  const marked = (part: Part): Part => {
    if (part.type === 'text' && part.text.trim() !== '') return { ...part, text: mark(part.text) };
    if (part.type === 'tool-result' && typeof part.output === 'string')
      return { ...part, output: mark(part.output) };
    if (part.type === 'tool-call') return { ...part, input: { given: part.input, mark: mark('') } };
    return part;
  };
  return { messages: messages.map((one) => ({ ...one, content: one.content.map(marked) })), marks };
}

/** False where nothing was sent, because nothing of the history can be. */
async function tryHistory(scene: Scene, history: readonly Message[], name: string): Promise<boolean> {
  const { messages, marks } = withMarks(history);
  const parts = messages.flatMap(({ content }) => content);
  const before = scene.bodies().length;
  const played = await read(scene, { messages });
  const body = scene.bodies().slice(before).join('\n');
  if (ModelError.isInstance(played.error) && body === '') {
    const said = parts.filter((part) => part.type === 'text' && part.text.trim() !== '');
    equal([played.error.kind, said], ['invalid-request', []], `${name}: ${played.error.message}`);
    return false;
  }
  const { warnings } = responseOf(played);
  const media = parts.flatMap((part) => (part.type === 'image' || part.type === 'file' ? [part.data] : []));
  const lost = [...marks, ...media].filter((text) => !hasText(body, text));
  holds(lost.length === 0 || warnings.length > 0, `${name}: lost without a warning: ${lost.join()}`);
  return true;
}

export const historyCases = [
  modelCase('history/round-trip', 'calls of the model go back to it with their results', (stage) =>
    stage('tool-calls', async (first) => {
      const { message } = responseOf(await read(first, askWithTool));
      const results = callsOf(message).map(({ toolCallId, toolName }, index) => ({
        type: 'tool-result' as const,
        toolCallId,
        toolName,
        output: { sky: `RESULT-${index}` },
        isError: false,
      }));
      await stage('text', async (second) => {
        const result = createMessage({ role: 'tool', content: results });
        const { body } = await send(second, { ...askWithTool, messages: [...ask.messages, message, result] });
        for (const text of ['Porto', 'Lima', 'RESULT-0', 'RESULT-1'])
          holds(hasText(body, text), `${text} was not sent`);
      });
    }),
  ),

  sceneCase(
    'history/foreign-calls',
    'text',
    'calls of another vendor are taken: ids and names that this one refuses, results apart and failed',
    async (scene) => {
      const toolName = 'files.read / now';
      const ids = ['call:1|é', 'x'.repeat(90), `${'x'.repeat(89)}y`];
      const calls = ids.map((toolCallId, index) => ({
        type: 'tool-call' as const,
        toolCallId,
        toolName,
        input: { path: `CALL-${index}` },
      }));
      const results = ids.map((toolCallId, index) =>
        createMessage({
          role: 'tool',
          content: [
            { type: 'tool-result', toolCallId, toolName, output: `RESULT-${index}`, isError: index === 1 },
          ],
        }),
      );
      const request: ChatRequest = {
        messages: [
          ...ask.messages,
          createMessage({ role: 'assistant', content: calls }),
          ...results.reverse(),
        ],
        tools: [{ name: toolName, description: 'Reads a file.', inputSchema: { type: 'object' } }],
      };
      const { body, response } = await send(scene, request);
      const lost = [0, 1, 2]
        .flatMap((index) => [`CALL-${index}`, `RESULT-${index}`])
        .filter((text) => !hasText(body, text));
      holds(lost.length === 0 || response.warnings.length > 0, `lost without a warning: ${lost.join()}`);
    },
  ),

  sceneCase(
    'history/hostile',
    'text',
    'any history is taken, and what is lost of it is a warning',
    async (scene) => {
      const random = createRandom(20_261_101);
      let sent = 0;
      for (let index = 0; index < histories; index++) {
        const history = anyConversation(random, { maxMessages: 5 });
        if (await tryHistory(scene, history, `history ${index}`)) sent++;
      }
      holds(sent > histories / 2, `only ${sent} of ${histories} histories were sent`);
    },
  ),

  sceneCase(
    'reasoning/replayed',
    'reasoning',
    'what the vendor needs to go on from its own reasoning is sent back to it',
    async (scene) => {
      const { message } = responseOf(await read(scene));
      if (!message.content.some((part) => part.type === 'reasoning' && part.payload !== undefined)) return;
      const content = message.content.filter((part) => part.type !== 'reasoning');
      const whole = await send(scene, { messages: [...ask.messages, message, more] });
      const without = await send(scene, { messages: [...ask.messages, { ...message, content }, more] });
      holds(whole.body !== without.body, 'the payload was not sent');
    },
  ),

  sceneCase('reasoning/foreign', 'text', 'a payload is replayed only to an equal origin', async (scene) => {
    const { provider, modelId } = scene.model;
    for (const origin of [
      { provider: 'somebody', model: modelId },
      { provider, model: 'another-model' },
    ]) {
      const message = createMessage({
        role: 'assistant',
        content: [
          {
            type: 'reasoning',
            text: 'Let me see.',
            origin,
            payload: {
              type: 'thinking',
              id: 'rs_FOREIGN',
              signature: 'FOREIGN',
              encrypted_content: 'FOREIGN',
            },
          },
          { type: 'text', text: 'one two three' },
        ],
      });
      const { body } = await send(scene, { messages: [...ask.messages, message, more] });
      holds(hasText(body, 'one two three'), 'what was said after the reasoning was not sent');
      holds(!body.includes('FOREIGN'), `the payload of ${origin.provider} ${origin.model} was sent`);
    }
  }),
];
