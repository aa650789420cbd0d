import { type ChatRequest, createMessage, type MediaPart, messageText } from '@loci/core';
import { equal, holds, like } from '../kit/assertions.js';
import type { Case } from '../kit/suite.js';
import {
  ask,
  askWithTool,
  errorOf,
  expectHonoured,
  hasText,
  read,
  type Stage,
  sceneCase,
  send,
} from './tools.js';

const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

function mediaCase(
  id: string,
  title: string,
  feature: 'images' | 'files',
  media: readonly MediaPart[],
): Case<Stage> {
  return sceneCase(id, 'text', title, async (scene) => {
    for (const part of media) {
      const message = createMessage({
        role: 'user',
        content: [{ type: 'text', text: 'Look at this.' }, part],
      });
      const sent = await send(scene, { messages: [message] });
      holds(hasText(sent.body, 'Look at this.'), 'the text beside it was not sent');
      expectHonoured(scene, sent, [part.data], feature);
    }
  });
}

/** Each of these requests is sent differently from the others, or there is a warning. */
function differenceCase(
  id: string,
  title: string,
  base: ChatRequest,
  changes: readonly Partial<ChatRequest>[],
): Case<Stage> {
  return sceneCase(id, 'text', title, async (scene) => {
    const bodies = [(await send(scene, base)).body];
    for (const change of changes) {
      const { body, response } = await send(scene, { ...base, ...change });
      if (response.warnings.length > 0) continue;
      holds(!bodies.includes(body), `neither sent nor in a warning: ${JSON.stringify(change)}`);
      bodies.push(body);
    }
  });
}

/** The strings, numbers and flags in a value, counted. */
function leavesOf(value: unknown, found = new Map<unknown, number>()): Map<unknown, number> {
  if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) leavesOf(inner, found);
  else found.set(value, (found.get(value) ?? 0) + 1);
  return found;
}

export const requestCases = [
  sceneCase('request/system', 'text', 'what the system says reaches the vendor', async (scene) => {
    const system = createMessage({ role: 'system', content: 'Answer in Latin.' });
    const { body } = await send(scene, { messages: [system, ...ask.messages] });
    holds(hasText(body, 'Answer in Latin.'), 'it was not sent');
  }),

  sceneCase(
    'request/tools',
    'text',
    'declared tools reach the vendor with description and schema, or a warning says that they do not',
    async (scene) => {
      const inputSchema = { type: 'object', properties: { harbour: { type: 'string' } } };
      const tool = { name: 'tides', description: 'High and low water.', inputSchema };
      const sent = await send(scene, { ...ask, tools: [tool] });
      expectHonoured(scene, sent, ['tides', 'High and low water.', 'harbour'], 'tools');
    },
  ),

  differenceCase(
    'request/tool-choice',
    'the choice of a tool reaches the vendor, or a warning says that it does not',
    askWithTool,
    [{ toolChoice: 'none' }, { toolChoice: 'required' }, { toolChoice: { toolName: 'weather' } }],
  ),
  differenceCase(
    'request/settings',
    'each setting reaches the vendor, or a warning says that it does not',
    ask,
    [{ maxOutputTokens: 77 }, { temperature: 0.25 }, { reasoning: { effort: 'high' } }],
  ),

  sceneCase(
    'request/output',
    'json',
    'the schema of the output reaches the vendor, or a warning says that it does not; the answer is its JSON',
    async (scene) => {
      const sent = await send(scene, {
        ...ask,
        output: {
          name: 'sum',
          schema: {
            type: 'object',
            properties: { total: { type: 'number' } },
            required: ['total'],
            additionalProperties: false,
          },
        },
      });
      expectHonoured(scene, sent, ['total'], 'output-schema');
      equal(JSON.parse(messageText(sent.response.message)), { total: 6 });
    },
  ),

  mediaCase(
    'request/images',
    'images reach the vendor, as bytes and by URL, or a warning says that they do not',
    'images',
    [
      { type: 'image', mediaType: 'image/png', data: png },
      { type: 'image', mediaType: 'image/jpeg', data: 'https://example.com/porto.jpg' },
    ],
  ),
  mediaCase(
    'request/files',
    'files reach the vendor, as bytes and by URL, or a warning says that they do not',
    'files',
    [
      { type: 'file', mediaType: 'application/pdf', data: 'JVBERi0xLjQK', name: 'porto.pdf' },
      { type: 'file', mediaType: 'application/pdf', data: 'https://example.com/porto.pdf' },
    ],
  ),

  sceneCase('request/other-vendors', 'text', 'settings for other vendors are ignored', async (scene) => {
    const plain = await send(scene);
    const other = await send(scene, { ...ask, vendor: { 'somebody-else': { top_k: 7, secret: 'OTHERS' } } });
    equal(other.body, plain.body);
    equal(other.response.warnings, plain.response.warnings);
  }),

  sceneCase(
    'request/cache',
    'text',
    'hints for a cache add marks, and change neither the request nor the answer',
    async (scene) => {
      const affinityKey = 'thread-1';
      const plain = await send(scene, askWithTool);
      const hinted = await send(scene, { ...askWithTool, cache: { affinityKey, prefixEnds: ['question'] } });
      const marked = leavesOf(JSON.parse(hinted.body));
      for (const [leaf, count] of leavesOf(JSON.parse(plain.body)))
        holds((marked.get(leaf) ?? 0) >= count, `the hints took away: ${String(leaf)}`);
      equal(messageText(hinted.response.message), messageText(plain.response.message));
      equal(hinted.response.warnings, plain.response.warnings);
    },
  ),

  sceneCase('request/nothing', 'text', 'a request without a message is refused', async (scene) => {
    like(errorOf(await read(scene, { messages: [] })), { kind: 'invalid-request', scope: 'request' });
  }),
];
