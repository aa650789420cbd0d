import type { ChatRequest, JsonValue, ReasoningPart } from '@loci/core';
import { judgeMessagesRequest, sealThinking, signThinking } from '@loci/testing/anthropic';
import { anyConversation, checkCompiled, createRandom } from '@loci/testing/conversations';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messagesDialect, toAnthropicRequest } from '../src/index.js';
import { traitsOf } from '../src/traits.js';

// Not the models of whose thinking the generator makes signatures that are none.
const modelIds = [
  'claude-fable-5-2',
  'claude-fable-5',
  'claude-sonnet-5-5',
  'claude-haiku-5-5',
  'claude-opus-5',
  'claude-opus-4-7',
  'claude-opus-4-6',
  'claude-sonnet-4-6',
  'claude-opus-4-5',
  'claude-sonnet-4-5-20250929',
  'claude-haiku-4-5',
  'claude-future-9',
  'kimi-k3',
];
const models = fc.constantFrom(...modelIds);
const name = fc.oneof(
  fc.constantFrom('weather', 'files.read', 'files/read', 'files_read', 'n'.repeat(140), 'ü'),
  fc.string({ minLength: 1, maxLength: 140 }),
);
const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>;
const schema = fc.oneof(
  json,
  fc.constantFrom<JsonValue>(
    { type: 'object' },
    { type: ['object', 'null'], properties: { 'a b': { minimum: 1 } } },
    { oneOf: [{ type: 'object', additionalProperties: { type: 'string' } }, { not: {} }] },
    { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 2, uniqueItems: true },
    { $defs: { a: { type: 'object', patternProperties: {} } }, allOf: [{ if: {} }] },
  ),
);
const request: fc.Arbitrary<Omit<ChatRequest, 'messages'>> = fc.record(
  {
    tools: fc.array(fc.record({ name, description: fc.string(), inputSchema: schema }), { maxLength: 4 }),
    toolChoice: fc.oneof(
      fc.constantFrom('auto' as const, 'none' as const, 'required' as const),
      fc.record({ toolName: name }),
    ),
    output: fc.record({ name, schema }),
    maxOutputTokens: fc.oneof(
      fc.integer({ min: -1, max: 300_000 }),
      fc.integer({ min: 1, max: 3000 }),
      fc.double(),
    ),
    temperature: fc.oneof(fc.double({ min: -3, max: 3 }), fc.constant(1)),
    reasoning: fc.record({ effort: fc.constantFrom('none', 'low', 'medium', 'high') }),
    cache: fc.record({
      affinityKey: fc.string(),
      prefixEnds: fc.array(fc.constantFrom('m0', 'm1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'x')),
    }),
  },
  { requiredKeys: [] },
);

/** Thinking of the models under test, signed as the vendor signs it. */
function anyThinking(random: () => number): ReasoningPart {
  const model = modelIds[Math.floor(random() * modelIds.length)] ?? '';
  const text = random() < 0.3 ? '' : `thought ${Math.floor(random() * 100)}`;
  const payload =
    random() < 0.7
      ? { type: 'thinking', thinking: text, signature: signThinking(model, text) }
      : { type: 'redacted_thinking', data: sealThinking(model, text) };
  return { type: 'reasoning', text, origin: { provider: 'anthropic', model }, payload };
}

describe('toAnthropicRequest', () => {
  it('sends only what the vendor takes of any conversation, and accounts for every part of it', () => {
    let sent = 0;
    let replayed = 0;
    fc.assert(
      fc.property(fc.nat(), models, request, (seed, modelId, rest) => {
        const messages = anyConversation(createRandom(seed), { reasoning: anyThinking });
        const traits = traitsOf(modelId);
        const origin = { provider: 'anthropic', model: modelId };
        expect(checkCompiled(messages, messagesDialect({ origin, features: traits.features }))).toEqual([]);
        const body = convert({ messages, ...rest }, modelId);
        if (!body) return;
        sent += 1;
        const onWire: unknown = JSON.parse(JSON.stringify(body));
        if (JSON.stringify(body.messages).includes('thinking"')) replayed += 1;
        expect({ onWire, refused: judgeMessagesRequest(onWire) }).toEqual({ onWire, refused: undefined });
      }),
      { numRuns: 1000 },
    );
    expect(sent).toBeGreaterThan(800);
    expect(replayed).toBeGreaterThan(0);
  });
});

/** The body, or `undefined` where nothing was left to send. */
function convert(given: ChatRequest, modelId: string) {
  try {
    return toAnthropicRequest(given, { modelId, traits: traitsOf(modelId) }).body;
  } catch (error) {
    expect(error).toMatchObject({
      kind: 'invalid-request',
      message: expect.stringContaining('nothing to send'),
    });
    return undefined;
  }
}
