import { describe, expect, it } from 'vitest';
import { judgeMessagesRequest } from '../src/anthropic.js';
import { bad, good } from './anthropic-requests.js';

describe('judgeMessagesRequest', () => {
  it.each(Object.entries(good))('takes what the vendor takes: %s', (_, body) => {
    expect(judgeMessagesRequest(body)).toBeUndefined();
  });

  it.each(Object.entries(bad))('refuses what the vendor refuses: %s', (_, [message, body]) => {
    expect(judgeMessagesRequest(body)).toEqual({
      status: 400,
      error: { type: 'invalid_request_error', message: expect.any(String) },
    });
    expect(judgeMessagesRequest(body)?.error.message.slice(0, message.length)).toBe(message);
  });

  it('refuses a prompt that exceeds the context window', () => {
    const body = {
      model: 'claude-opus-5',
      max_tokens: 10,
      messages: [{ role: 'user', content: 'a'.repeat(1000) }],
    };
    expect(judgeMessagesRequest(body, { contextWindow: 300 })).toBeUndefined();
    expect(judgeMessagesRequest(body, { contextWindow: 200 })?.error.message).toMatch(
      /^prompt is too long: \d+ tokens > 200 maximum$/,
    );
  });

  it('takes only the prompt where tokens are counted', () => {
    const body = { model: 'claude-opus-5', messages: [{ role: 'user', content: 'hi' }] };
    expect(judgeMessagesRequest(body, { endpoint: 'count_tokens' })).toBeUndefined();
    expect(
      judgeMessagesRequest({ ...body, max_tokens: 1 }, { endpoint: 'count_tokens' })?.error.message,
    ).toBe('max_tokens: Extra inputs are not permitted');
  });

  it('takes a thinking block word for word only: a changed one has no signature', () => {
    const body = structuredClone(good['thinking']) as { messages: { content: { thinking?: string }[] }[] };
    const block = body.messages[1]?.content[0];
    if (block) block.thinking = 'hm!';
    expect(judgeMessagesRequest(body)?.error.message).toContain('Invalid `signature`');
  });
});
