import type { ChatRequest } from '@loci/core';
import { anyConversation, checkCompiled, createRandom } from '@loci/testing/conversations';
import { judgeMistralRequest } from '@loci/testing/mistral';
import { chatCompletionStreamRequestToJSON } from '@mistralai/mistralai/models/components';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mistralDialect, toMistralMessages, toMistralRequest } from '../src/index.js';
import { traitsOf } from '../src/traits.js';

const origin = { provider: 'mistral', model: 'mistral-medium-3-5' };
/** Reasoning of the model that is asked: text alone, signed, and with a payload that is none. */
const ownReasoning = (random: () => number) => {
  const payload = { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }], signature: 's' };
  const made = { type: 'reasoning' as const, text: random() < 0.8 ? 'hm' : '', origin };
  return random() < 0.5 ? made : { ...made, payload: random() < 0.8 ? payload : [7] };
};
const seeds = fc.integer();
const history = (seed: number) => anyConversation(createRandom(seed), { reasoning: ownReasoning });

const name = fc.oneof(
  fc.constantFrom('weather', 'files.read', 'files/read', 'n'.repeat(70), 'ü', ''),
  fc.string({ maxLength: 70 }),
);
const json = fc.jsonValue({ maxDepth: 2 });
const extras = fc.record(
  {
    tools: fc.array(
      fc.record({
        name,
        description: fc.string(),
        inputSchema: fc.oneof(fc.constant({ type: 'object' }), json),
      }),
      { maxLength: 4 },
    ),
    toolChoice: fc.oneof(fc.constantFrom('auto', 'none', 'required'), fc.record({ toolName: name })),
    output: fc.record({ name, schema: json }),
    maxOutputTokens: fc.oneof(fc.integer({ min: -1, max: 100 }), fc.double()),
    temperature: fc.double({ min: -3, max: 3 }),
    reasoning: fc.record({ effort: fc.constantFrom('none', 'low', 'medium', 'high') }),
    cache: fc.record({ affinityKey: fc.string({ maxLength: 100 }), prefixEnds: fc.constant([]) }),
  },
  { requiredKeys: [] },
);
const models = fc.constantFrom(
  'mistral-medium-3-5',
  'magistral-medium-2509',
  'mistral-large-2512',
  'codestral-2508',
  'local',
);

/** The request on the wire, through the SDK's own schema; `undefined` where nothing was left to send. */
function onWire(request: ChatRequest, modelId: string): unknown {
  try {
    const { body } = toMistralRequest(request, { modelId, traits: traitsOf(modelId), cacheKey: true });
    return JSON.parse(chatCompletionStreamRequestToJSON(body));
  } catch (error) {
    expect(error).toMatchObject({
      kind: 'invalid-request',
      message: expect.stringContaining('nothing to send'),
    });
    return undefined;
  }
}

describe('toMistralRequest', () => {
  it('sends only what the vendor takes, whatever the history holds: 500 hostile ones, no violation', () => {
    let sent = 0;
    fc.assert(
      fc.property(seeds, extras, models, (seed, more, modelId) => {
        const body = onWire({ messages: history(seed), ...more } as ChatRequest, modelId);
        if (body === undefined) return;
        sent += 1;
        expect({ body, refused: judgeMistralRequest(body) }).toEqual({ body, refused: undefined });
      }),
      { numRuns: 500 },
    );
    expect(sent).toBeGreaterThan(400);
  });

  it('accounts for every part of 500 hostile histories', () => {
    fc.assert(
      fc.property(seeds, fc.boolean(), (seed, prefix) => {
        expect(checkCompiled(history(seed), mistralDialect({ origin, prefix }))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('gives a call the same nine characters in every request, so that prompt caches keep hitting', () => {
    const call = { type: 'tool-call', toolCallId: 'call_1', toolName: 't', input: {} } as const;
    const result = {
      type: 'tool-result',
      toolCallId: 'call_1',
      toolName: 't',
      output: 1,
      isError: false,
    } as const;
    const messages = [
      { id: 'a', role: 'assistant', content: [call], createdAt: 0 },
      { id: 'b', role: 'tool', content: [result], createdAt: 0 },
    ] as const;
    const idOf = (wire: ReturnType<typeof toMistralMessages>) =>
      wire.messages.flatMap((message) => (message.role === 'tool' ? [message.toolCallId] : []))[0];
    const question = {
      id: 'q',
      role: 'user',
      content: [{ type: 'text', text: 'hi' }],
      createdAt: 0,
    } as const;
    expect(idOf(toMistralMessages(messages))).toMatch(/^[A-Za-z0-9]{9}$/);
    expect(idOf(toMistralMessages([question, ...messages, question]))).toBe(
      idOf(toMistralMessages(messages)),
    );
  });
});
