import { createMessage, type JsonValue, type Message, type Part } from '@loci/core';
import { compileConversation } from '@loci/core/conversation';
import { signThinking } from '@loci/testing/anthropic';
import { anyConversation, checkCompiled, createRandom } from '@loci/testing/conversations';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { promptDialect, toAiSdkPrompt } from '../src/from.js';
import { locate } from '../src/media.js';
import { fromAiSdkPrompt } from '../src/to.js';
import { connect, start } from './harness.js';

const origin = { provider: 'anthropic.messages', model: 'claude-opus-5' };
/** Reasoning as `fromAiSdk` keeps it of Anthropic. */
const reasoning = (random: () => number) => {
  const text = random() < 0.5 ? 'Let me see.' : 'So.';
  const payload = { anthropic: { signature: signThinking(origin.model, text) } };
  return { type: 'reasoning' as const, text, origin, payload };
};
const conversations = fc
  .integer()
  .map((seed) => anyConversation(createRandom(seed), { maxMessages: 12, reasoning }));

/** A part in the one form in which a prompt can hold it. */
function normal(part: Part): Part {
  if (part.type !== 'image' && part.type !== 'file') return part;
  const place = locate(part);
  return place && 'base64' in place ? { ...part, data: place.base64 } : part;
}

/** What was said, by whom; a prompt has one text in each of its system messages. */
function said(messages: readonly Message[]): unknown[] {
  return messages.flatMap(({ role, content }): unknown[] => {
    const parts = content.map(normal);
    return role === 'system' ? parts.map((part) => [role, part]) : [[role, ...parts]];
  });
}

describe('a conversation', () => {
  it('becomes a prompt and again a conversation, and loses nothing that the report does not name', () => {
    fc.assert(
      fc.property(conversations, (messages) => {
        const options = { origin };
        expect(checkCompiled(messages, promptDialect(options))).toEqual([]);
        const compiled = compileConversation(messages, promptDialect(options));
        const { prompt, report } = toAiSdkPrompt(messages, options);
        expect(report).toEqual(compiled.report);
        const back = fromAiSdkPrompt(prompt, options);
        expect(back.warnings).toEqual([]);
        expect(said(back.messages)).toEqual(said(compiled.messages));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the words of a URL and the type of a file, and has no blank result', () => {
    const content = [
      { type: 'image', mediaType: 'image/png', data: 'https://example.com' },
      { type: 'file', mediaType: 'image/png', data: 'iVBORw0K' },
    ] as const;
    const ids = { toolCallId: 'c', toolName: 't' };
    const { prompt } = toAiSdkPrompt([
      createMessage({ role: 'user', content }),
      createMessage({ role: 'assistant', content: [{ type: 'tool-call', ...ids, input: {} }] }),
      createMessage({ role: 'tool', content: [{ type: 'tool-result', ...ids, output: ' ', isError: true }] }),
    ]);
    expect(prompt[2]?.content[0]).toMatchObject({ output: { type: 'error-json', value: ' ' } });
    const [question, , result] = fromAiSdkPrompt(prompt).messages;
    expect(question?.content).toEqual(content);
    expect(result?.content).toMatchObject([{ output: ' ', isError: true }]);
  });

  it('is one that Anthropic takes from the AI SDK, whatever it held and whatever is asked', async () => {
    const server = await start({ answer: () => '{"a":1}' });
    const model = connect(server);
    const tool = fc.record({
      name: fc.constantFrom('weather', 'files.read', 'ü', 'constructor', '__proto__', 'n'.repeat(70), ''),
      description: fc.constantFrom('Looks.', ''),
      inputSchema: fc.constantFrom<JsonValue[]>({}, { type: 'object', properties: {} }, 'none'),
    });
    const schema = { type: 'object', properties: { a: { type: 'number' } }, additionalProperties: false };
    const requests = fc.record(
      {
        tools: fc.array(tool, { maxLength: 3 }),
        toolChoice: fc.constantFrom('auto' as const, 'none' as const, 'required' as const, {
          toolName: 'weather',
        }),
        output: fc.constant({ name: 'answer', schema }),
        temperature: fc.constantFrom(0, 0.7),
        maxOutputTokens: fc.constantFrom(100, 5000),
      },
      { requiredKeys: [] },
    );
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(conversations, requests, async (messages, rest) => {
        const sent = server.requests.length;
        const outcome = await model.generate({ messages, ...rest }).then(
          () => 'answered',
          (error: { kind?: string; message: string }) => `${error.kind}: ${error.message}`,
        );
        expect(server.requests[sent]?.rejected).toBeUndefined();
        expect(outcome).toMatch(/^answered$|^invalid-request: There is nothing to send/);
        if (outcome === 'answered') answered += 1;
      }),
      { numRuns: 120 },
    );
    expect(answered).toBeGreaterThan(80);
  });
});
