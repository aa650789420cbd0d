import { createMessage, type MessageInput } from '@loci/core';
import { describe, expect, it } from 'vitest';
import { fromOpenAIMessages } from './from-messages.js';
import { toOpenAIMessages } from './to-messages.js';

const make = (...messages: MessageInput[]) => messages.map((message) => createMessage(message));
const call = (toolCallId: string, input = {}) => ({
  type: 'tool-call' as const,
  toolCallId,
  toolName: 'weather',
  input,
});
const result = (toolCallId: string, output = 'sunny') => ({
  type: 'tool-result' as const,
  toolCallId,
  toolName: 'weather',
  output,
  isError: false,
});
const codes = (warnings: readonly { readonly code: string }[]) => warnings.map((warning) => warning.code);

describe('toOpenAIMessages', () => {
  it('sends one text as a string and several as parts, quoted ones in their own role', () => {
    const { messages, warnings } = toOpenAIMessages(
      make(
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Rex is a dog.', trust: 'quoted' },
            { type: 'text', text: 'Who is Rex?' },
          ],
        },
        { role: 'assistant', content: 'A dog.' },
      ),
      { systemRole: 'developer' },
    );
    expect(messages).toEqual([
      { role: 'developer', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Rex is a dog.' },
          { type: 'text', text: 'Who is Rex?' },
        ],
      },
      { role: 'assistant', content: 'A dog.' },
    ]);
    expect(warnings).toEqual([]);
  });

  it('rewrites ids that the vendor refuses, in the call and its result alike', () => {
    const long = 'toolu_'.repeat(10);
    const { messages } = toOpenAIMessages(
      make(
        { role: 'assistant', content: [call(long), call('a b')] },
        { role: 'tool', content: [result('a b'), result(long)] },
      ),
    );
    const [assistant, first, second] = messages;
    const ids = assistant?.role === 'assistant' ? assistant.tool_calls?.map((one) => one.id) : undefined;
    expect([first, second].map((one) => one?.role === 'tool' && one.tool_call_id)).toEqual(ids);
    expect(ids?.every((id) => /^[\w-]{1,40}$/.test(id))).toBe(true);
  });

  it('moves results directly behind their calls', () => {
    const { messages, warnings } = toOpenAIMessages(
      make(
        { role: 'assistant', content: [call('a')] },
        { role: 'user', content: 'wait' },
        { role: 'tool', content: [result('a')] },
      ),
    );
    expect(messages.map((message) => message.role)).toEqual(['assistant', 'tool', 'user']);
    expect(warnings).toEqual([]);
  });

  it('leaves out a call without a result, and quotes a result without a call, with warnings', () => {
    const { messages, warnings } = toOpenAIMessages(
      make(
        { role: 'assistant', content: [{ type: 'text', text: 'Looking.' }, call('a'), call('b')] },
        { role: 'tool', content: [result('b'), result('c', 'rain')] },
      ),
    );
    expect(messages).toEqual([
      { role: 'assistant', content: 'Looking.', tool_calls: [expect.objectContaining({ id: 'b' })] },
      { role: 'tool', tool_call_id: 'b', content: 'sunny' },
      { role: 'user', content: expect.stringMatching(/quoted.*\nrain$/) },
    ]);
    expect(codes(warnings)).toEqual(['tool-call-dropped', 'tool-result-quoted']);
  });

  it('leaves out reasoning and what is empty', () => {
    const origin = { provider: 'openai', model: 'o3' };
    const { messages, warnings } = toOpenAIMessages(
      make(
        { role: 'user', content: '' },
        { role: 'assistant', content: [{ type: 'reasoning', text: 'hm', origin }] },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'hm', origin },
            { type: 'text', text: 'Yes.' },
          ],
        },
      ),
    );
    expect(messages).toEqual([{ role: 'assistant', content: 'Yes.' }]);
    expect(codes(warnings)).toEqual(['reasoning-dropped']);
  });

  it('leaves out media where the model or the role takes none', () => {
    const image = { type: 'image' as const, mediaType: 'image/png', data: 'AAAA' };
    const { messages, warnings } = toOpenAIMessages(
      make(
        { role: 'system', content: [image] },
        { role: 'assistant', content: [image] },
        { role: 'user', content: [image, { type: 'text', text: 'hi' }] },
      ),
      { features: { images: 'no' } },
    );
    expect(messages).toEqual([{ role: 'user', content: 'hi' }]);
    expect(codes(warnings)).toEqual(['media-dropped']);
  });
});

describe('fromOpenAIMessages', () => {
  it('is the way back', () => {
    const wire = [
      { role: 'system' as const, content: 'Be brief.' },
      {
        role: 'user' as const,
        content: [
          { type: 'text' as const, text: 'look' },
          { type: 'image_url' as const, image_url: { url: 'data:image/png;base64,AAAA' } },
        ],
      },
      {
        role: 'assistant' as const,
        content: null,
        tool_calls: [
          {
            id: 'a',
            type: 'function' as const,
            function: { name: 'weather', arguments: '{"city":"Porto"}' },
          },
        ],
      },
      { role: 'tool' as const, tool_call_id: 'a', content: 'sunny' },
      { role: 'assistant' as const, content: 'It is sunny.' },
    ];
    const messages = fromOpenAIMessages(wire);
    expect(messages[3]?.content).toEqual([
      { type: 'tool-result', toolCallId: 'a', toolName: 'weather', output: 'sunny', isError: false },
    ]);
    expect(toOpenAIMessages(messages)).toEqual({ messages: wire, warnings: [] });
  });

  it('refuses arguments that are no JSON, by their path', () => {
    const broken = {
      role: 'assistant' as const,
      tool_calls: [{ id: 'a', type: 'function' as const, function: { name: 'f', arguments: '{' } }],
    };
    expect(() => fromOpenAIMessages([broken])).toThrow(
      expect.objectContaining({ path: 'messages[0].tool_calls[0].function.arguments' }),
    );
  });
});
