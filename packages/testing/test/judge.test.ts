import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { judgeChatRequest, startOpenAI } from '../src/openai.js';
import { anything, type Mutation, mutate } from './mutate.js';
import { loadSchemas, missingDocument } from './openai-schema.js';
import { bad, good, refusedByRules } from './requests.js';

describe('judgeChatRequest', () => {
  it.each(Object.entries(good))('takes what the vendor takes: %s', (_, body) => {
    expect(judgeChatRequest(body)).toBeUndefined();
  });

  it.each([...Object.entries(bad), ...Object.entries(refusedByRules)])(
    'refuses what the vendor refuses: %s',
    (_, [code, body]) => {
      expect(judgeChatRequest(body)).toEqual({
        status: 400,
        error: {
          message: expect.any(String),
          type: 'invalid_request_error',
          param: expect.toSatisfy((param) => param === null || typeof param === 'string'),
          code,
        },
      });
    },
  );

  it('refuses a prompt that exceeds the context window', () => {
    const body = { model: 'gpt-4o', messages: [{ role: 'user', content: 'a'.repeat(1000) }] };
    expect(judgeChatRequest(body, { contextWindow: 300 })).toBeUndefined();
    expect(judgeChatRequest(body, { contextWindow: 200 })?.error.code).toBe('context_length_exceeded');
  });
});

describe('judgeChatRequest and the vendor’s schema', () => {
  beforeEach(({ skip }) => skip(missingDocument !== undefined, missingDocument));

  it.each(Object.entries(good))('agree on what is good: %s', (_, body) => {
    expect(schemaErrors(body)).toEqual([]);
  });

  it.each(Object.entries(bad))('agree on what is bad: %s', (_, [, body]) => {
    expect(schemaErrors(body)).not.toEqual([]);
  });

  it.each(Object.entries(refusedByRules))(
    'differ only where no schema states the rule: %s',
    (_, [, body]) => {
      expect(schemaErrors(body)).toEqual([]);
    },
  );

  it('never differ the other way: what the schema refuses, the judge refuses', () => {
    const mutation = fc.record<Mutation>({ at: fc.nat(), value: anything });
    let refused = 0;
    const bodies = fc.tuple(
      fc.constantFrom(...Object.values(good)),
      fc.array(mutation, { minLength: 1, maxLength: 3 }),
    );
    fc.assert(
      fc.property(bodies, ([body, mutations]) => {
        const changed = mutations.reduce<unknown>(mutate, body);
        const errors = schemaErrors(changed);
        if (errors.length === 0) return;
        refused += 1;
        expect({ changed, refused: judgeChatRequest(changed)?.status }).toEqual({ changed, refused: 400 });
      }),
      { numRuns: 4000 },
    );
    expect(refused).toBeGreaterThan(500);
  });
});

describe('the loopback server and the vendor’s schema', () => {
  beforeEach(({ skip }) => skip(missingDocument !== undefined, missingDocument));

  it('sends responses, chunks, errors and lists that the schema takes', async () => {
    const schema = loadSchemas();
    const answer = {
      text: 'one two',
      refusal: 'no',
      toolCalls: [{ name: 'weather', arguments: { city: 'Porto' } }],
      reasoningTokens: 3,
      cachedTokens: 1,
    };
    const server = await startOpenAI({ answer: () => answer });
    const post = (body: object) =>
      fetch(`${server.url}/chat/completions`, { method: 'POST', body: JSON.stringify(body) });
    const check = (name: string, value: unknown) => {
      const validate = schema(name);
      validate(value);
      expect(validate.errors ?? []).toEqual([]);
    };
    for (const body of Object.values(good))
      check(
        'CreateChatCompletionResponse',
        await (await post({ ...body, stream: false, stream_options: undefined })).json(),
      );
    for (const body of Object.values(good)) {
      const events = await (
        await post({ ...body, stream: true, stream_options: { include_usage: true } })
      ).text();
      for (const event of events.split('\n\n').slice(0, -2))
        check('CreateChatCompletionStreamResponse', JSON.parse(event.slice(6)));
    }
    check('ErrorResponse', await (await post({})).json());
    check('ListModelsResponse', await (await fetch(`${server.url}/models`)).json());
    await server.close();
  });
});

let validateRequest: ReturnType<ReturnType<typeof loadSchemas>> | undefined;

function schemaErrors(body: unknown): readonly unknown[] {
  validateRequest ??= loadSchemas()('CreateChatCompletionRequest');
  validateRequest(body);
  return validateRequest.errors ?? [];
}
