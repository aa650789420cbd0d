import { createMessage, type MessageInput } from '@loci/core';
import { describe, expect, it } from 'vitest';
import { fromAnthropicMessages } from './from-messages.js';
import { toAnthropicMessages } from './to-messages.js';

const make = (...messages: MessageInput[]) => messages.map((message) => createMessage(message));
const origin = { provider: 'anthropic', model: 'claude-opus-5' };
const thinking = { type: 'thinking' as const, thinking: 'hm', signature: 'sig' };
const reasoning = { type: 'reasoning' as const, text: 'hm', origin, payload: thinking };

describe('toAnthropicMessages', () => {
  it('makes one turn of consecutive messages of a role, and puts the system apart', () => {
    const { system, messages, warnings } = toAnthropicMessages(
      make(
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'a' },
        { role: 'user', content: [{ type: 'text', text: 'quoted', trust: 'quoted' }] },
        { role: 'assistant', content: 'b' },
        { role: 'assistant', content: 'c' },
        { role: 'user', content: 'd' },
      ),
    );
    const text = (...words: string[]) => words.map((word) => ({ type: 'text', text: word }));
    expect(system).toEqual(text('Be brief.'));
    expect(messages).toEqual([
      { role: 'user', content: text('a', 'quoted') },
      { role: 'assistant', content: text('b', 'c') },
      { role: 'user', content: text('d') },
    ]);
    expect(warnings).toEqual([]);
  });

  it('replays thinking word for word to its origin only, and in front of something only', () => {
    const history = make(
      { role: 'user', content: 'a' },
      { role: 'assistant', content: [reasoning, { type: 'text', text: 'b' }, reasoning] },
      { role: 'user', content: 'c' },
    );
    const blocks = (reader?: typeof origin) =>
      toAnthropicMessages(history, reader ? { origin: reader } : {}).messages[1]?.content;
    const said = { type: 'text', text: 'b' };
    expect(blocks(origin)).toEqual([thinking, said]);
    expect(blocks({ ...origin, model: 'claude-sonnet-5' })).toEqual([said]);
    expect(blocks()).toEqual([said]);
  });

  it('says part by part what became of a history', () => {
    const { report, warnings } = toAnthropicMessages(
      make(
        {
          id: 'a',
          role: 'assistant',
          content: [{ type: 'tool-call', toolCallId: 'x', toolName: 'f', input: {} }],
        },
        { id: 'b', role: 'user', content: [{ type: 'image', mediaType: 'image/bmp', data: 'AAAA' }] },
        { id: 'c', role: 'user', content: 'hi' },
      ),
    );
    expect(report.dropped).toMatchObject([
      { messageId: 'a', why: ['tool-call-dropped'] },
      { messageId: 'b', why: ['media-dropped'] },
    ]);
    expect(warnings.map(({ code }) => code)).toEqual(['tool-call-dropped', 'media-dropped']);
  });
});

describe('fromAnthropicMessages', () => {
  it('is the way back', () => {
    const system = [{ type: 'text' as const, text: 'Be brief.' }];
    const wire = [
      {
        role: 'user' as const,
        content: [
          { type: 'text' as const, text: 'look' },
          {
            type: 'image' as const,
            source: { type: 'base64' as const, media_type: 'image/png' as const, data: 'AAAA' },
          },
          {
            type: 'document' as const,
            source: { type: 'text' as const, media_type: 'text/plain' as const, data: 'hellö' },
            title: 'a.txt',
          },
          { type: 'document' as const, source: { type: 'url' as const, url: 'https://example.com/a.pdf' } },
        ],
      },
      {
        role: 'assistant' as const,
        content: [
          thinking,
          { type: 'redacted_thinking' as const, data: 'sealed' },
          { type: 'tool_use' as const, id: 'a', name: 'weather', input: { city: 'Porto' } },
        ],
      },
      {
        role: 'user' as const,
        content: [
          { type: 'tool_result' as const, tool_use_id: 'a', content: 'sunny', is_error: true },
          { type: 'text' as const, text: 'and?' },
        ],
      },
    ];
    const messages = fromAnthropicMessages(wire, { origin, system });
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool', 'user']);
    expect(messages[3]?.content).toEqual([
      { type: 'tool-result', toolCallId: 'a', toolName: 'weather', output: 'sunny', isError: true },
    ]);
    expect(toAnthropicMessages(messages, { origin })).toMatchObject({ system, messages: wire, warnings: [] });
  });

  it('takes thinking of a model that nobody named for nobody’s', () => {
    const [message] = fromAnthropicMessages([{ role: 'assistant', content: [thinking] }]);
    expect(message?.content).toMatchObject([{ origin: { provider: 'anthropic', model: 'unknown' } }]);
  });
});
