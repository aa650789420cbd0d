import type { ChatRequest, JsonValue, Message, Part, ReasoningPart } from '@loci/core';
import { anyConversation, checkCompiled, createRandom } from '@loci/testing/conversations';
import { encryptedBy, judgeChatRequest, judgeResponsesRequest } from '@loci/testing/openai';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chatDialect,
  responsesDialect,
  type ToRequestOptions,
  toOpenAIRequest,
  toOpenAIResponsesRequest,
} from '../src/index.js';
import { traitsOf } from '../src/traits.js';

const id = fc.oneof(
  fc.constantFrom(
    'call_1',
    'call_2',
    'call 1',
    'call:1',
    'call_1_',
    'a'.repeat(41),
    'a'.repeat(64),
    'é',
    '日本',
    '',
  ),
  fc.string({ maxLength: 50 }),
);
const name = fc.oneof(
  fc.constantFrom('weather', 'files.read', 'files/read', 'files_read', 'n'.repeat(70), 'ü'),
  fc.string({ minLength: 1, maxLength: 70 }),
);
const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>;
const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), text: fc.string() }),
  fc.record({ type: fc.constant('text' as const), text: fc.string(), trust: fc.constant('quoted' as const) }),
  fc.record({
    type: fc.constant('reasoning' as const),
    text: fc.string(),
    origin: fc.constant({ provider: 'openai', model: 'o3' }),
  }),
  fc.record({
    type: fc.constantFrom('image' as const, 'file' as const),
    mediaType: fc.constant('image/png'),
    data: fc.constantFrom('AAAA', 'https://a.b/c.png', 'data:image/png;base64,AAAA'),
  }),
  fc.record({ type: fc.constant('tool-call' as const), toolCallId: id, toolName: name, input: json }),
  fc.record({
    type: fc.constant('tool-result' as const),
    toolCallId: id,
    toolName: name,
    output: json,
    isError: fc.boolean(),
  }),
);
const message: fc.Arbitrary<Message> = fc.record({
  id: fc.uuid(),
  role: fc.constantFrom('system' as const, 'user' as const, 'assistant' as const, 'tool' as const),
  createdAt: fc.constant(0),
  content: fc.array(part, { maxLength: 5 }),
});
/** Calls with their results, so that legal pairs are as common as broken ones. */
const exchange = fc
  .array(fc.tuple(id, name, json), { minLength: 1, maxLength: 3 })
  .map((calls): Message[] => {
    const base = { createdAt: 0, id: 'm' };
    return [
      {
        ...base,
        role: 'assistant',
        content: calls.map(([toolCallId, toolName, input]) => ({
          type: 'tool-call',
          toolCallId,
          toolName,
          input,
        })),
      },
      {
        ...base,
        role: 'tool',
        content: calls.map(([toolCallId, toolName, output]) => ({
          type: 'tool-result',
          toolCallId,
          toolName,
          output,
          isError: false,
        })),
      },
    ];
  });
const history = fc
  .array(
    fc.oneof(
      message.map((one) => [one]),
      exchange,
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.flat());
const tool = fc.record({
  name,
  description: fc.string(),
  inputSchema: fc.oneof(fc.constant({ type: 'object' }), json),
});
const request: fc.Arbitrary<ChatRequest> = fc.record(
  {
    messages: history,
    tools: fc.array(tool, { maxLength: 4 }),
    toolChoice: fc.oneof(
      fc.constantFrom('auto' as const, 'none' as const, 'required' as const),
      fc.record({ toolName: name }),
    ),
    output: fc.record({ name, schema: json }),
    maxOutputTokens: fc.oneof(fc.integer({ min: -1, max: 100 }), fc.double()),
    temperature: fc.double({ min: -3, max: 3 }),
    reasoning: fc.record({
      effort: fc.constantFrom('none' as const, 'low' as const, 'medium' as const, 'high' as const),
    }),
    cache: fc.record({ affinityKey: fc.string({ maxLength: 100 }), prefixEnds: fc.constant([]) }),
  },
  { requiredKeys: ['messages'] },
);
const models = fc.constantFrom(
  'gpt-4o',
  'gpt-4.1-mini',
  'o3',
  'o4-mini',
  'gpt-5',
  'gpt-5-mini',
  'gpt-5.4',
  'gpt-6-sol',
  'gpt-5-chat-latest',
  'llama3.3',
);

describe('toOpenAIRequest', () => {
  it('sends only what the vendor takes, whatever the history holds', () => {
    let sent = 0;
    fc.assert(
      fc.property(request, models, fc.boolean(), (given, modelId, cacheKey) => {
        const body = convert(given, modelId, cacheKey);
        if (body === undefined) return;
        sent += 1;
        const onWire: unknown = JSON.parse(JSON.stringify(body));
        expect({ onWire, refused: judgeChatRequest(onWire) }).toEqual({ onWire, refused: undefined });
      }),
      { numRuns: 2000 },
    );
    expect(sent).toBeGreaterThan(1000);
  });

  it('sends only what the vendor takes of any conversation, and accounts for every part of it', () => {
    fc.assert(
      fc.property(fc.nat(), models, (seed, modelId) => {
        const messages = anyConversation(createRandom(seed));
        expect(checkCompiled(messages, chatDialect(traitsOf(modelId).features))).toEqual([]);
        expectTaken({ messages }, toOpenAIRequest, judgeChatRequest, modelId);
      }),
      { numRuns: 500 },
    );
  });

  it('loses no text and no answered call', () => {
    fc.assert(
      fc.property(exchange, (messages) => {
        const body = convert({ messages }, 'gpt-4o', false);
        const wire = body?.messages ?? [];
        const results = wire.flatMap((one) => (one.role === 'tool' ? [one.tool_call_id] : []));
        // Calls that share an id are told apart, and each keeps its own result.
        expect(results).toHaveLength(messages[0]?.content.length ?? 0);
        expect(new Set(results).size).toBe(results.length);
      }),
    );
  });
});

describe('toOpenAIResponsesRequest', () => {
  const own = (random: () => number): ReasoningPart => ({
    type: 'reasoning',
    text: 'hm',
    origin: { provider: 'openai', model: 'gpt-5.4' },
    payload: {
      id: `rs_${Math.floor(random() * 5)}`,
      summary: [{ type: 'summary_text', text: 'hm' }],
      ...(random() < 0.8 && { encrypted_content: encryptedBy('hm') }),
    },
  });

  it('sends only what the vendor takes of any conversation, and accounts for every part of it', () => {
    let replayed = 0;
    fc.assert(
      fc.property(fc.nat(), models, (seed, modelId) => {
        const messages = anyConversation(createRandom(seed), { reasoning: own });
        const origin = { provider: 'openai', model: modelId };
        expect(checkCompiled(messages, responsesDialect(origin, traitsOf(modelId).features))).toEqual([]);
        const body = expectTaken({ messages }, toOpenAIResponsesRequest, judgeResponsesRequest, modelId);
        if (JSON.stringify(body ?? '').includes('encrypted_content"')) replayed += 1;
      }),
      { numRuns: 1000 },
    );
    expect(replayed).toBeGreaterThan(0);
  });

  it('sends only what the vendor takes, whatever is asked for', () => {
    fc.assert(
      fc.property(request, models, (given, modelId) => {
        expectTaken(given, toOpenAIResponsesRequest, judgeResponsesRequest, modelId);
      }),
      { numRuns: 1000 },
    );
  });
});

/** Sends the request to the judge; the body, or `undefined` where nothing was left to send. */
function expectTaken(
  given: ChatRequest,
  toRequest: (request: ChatRequest, options: ToRequestOptions) => { readonly body: unknown },
  judge: (body: unknown) => unknown,
  modelId: string,
): unknown {
  const options = { modelId, traits: traitsOf(modelId), cacheKey: true };
  const body = convertBy(() => toRequest(given, options).body);
  if (body === undefined) return undefined;
  const onWire: unknown = JSON.parse(JSON.stringify(body));
  expect({ onWire, refused: judge(onWire) }).toEqual({ onWire, refused: undefined });
  return body;
}

/** The body, or `undefined` where nothing was left to send. */
function convert(given: ChatRequest, modelId: string, cacheKey: boolean) {
  return convertBy(() => toOpenAIRequest(given, { modelId, traits: traitsOf(modelId), cacheKey }).body);
}

function convertBy<Body>(make: () => Body): Body | undefined {
  try {
    return make();
  } catch (error) {
    expect(error).toMatchObject({
      kind: 'invalid-request',
      message: expect.stringContaining('nothing to send'),
    });
    return undefined;
  }
}
