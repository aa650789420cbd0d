import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { judgeResponsesRequest, startOpenAI } from '../src/openai.js';
import { anything, type Mutation, mutate } from './mutate.js';
import { loadSchemas, missingDocument } from './openai-schema.js';
import { badResponses, goodResponses, notPersisted, refusedResponses } from './responses-requests.js';

describe('judgeResponsesRequest', () => {
  it.each(Object.entries(goodResponses))('takes what the vendor takes: %s', (_, body) => {
    expect(judgeResponsesRequest(body)).toBeUndefined();
  });

  it.each([...Object.entries(badResponses), ...Object.entries(refusedResponses)])(
    'refuses what the vendor refuses: %s',
    (_, [code, body]) => {
      expect(judgeResponsesRequest(body)).toEqual({
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

  it('knows no item that was never stored', () => {
    expect(judgeResponsesRequest(notPersisted)?.status).toBe(404);
  });

  it('refuses a prompt that exceeds the context window', () => {
    const body = { model: 'gpt-5.4', input: 'a'.repeat(1000) };
    expect(judgeResponsesRequest(body, { contextWindow: 300 })).toBeUndefined();
    expect(judgeResponsesRequest(body, { contextWindow: 200 })?.error.code).toBe('context_length_exceeded');
  });
});

describe('judgeResponsesRequest and the vendor’s schema', () => {
  beforeEach(({ skip }) => skip(missingDocument !== undefined, missingDocument));

  it.each(Object.entries(goodResponses))('agree on what is good: %s', (_, body) => {
    expect(schemaErrors(body)).toEqual([]);
  });

  it.each(Object.entries(badResponses))('agree on what is bad: %s', (_, [, body]) => {
    expect(schemaErrors(body)).not.toEqual([]);
  });

  it.each(Object.entries(refusedResponses))(
    'differ only where no schema states the rule: %s',
    (_, [, body]) => {
      expect(schemaErrors(body)).toEqual([]);
    },
  );

  it('never differ the other way: what the schema refuses, the judge refuses', () => {
    const mutation = fc.record<Mutation>({ at: fc.nat(), value: anything });
    let refused = 0;
    const bodies = fc.tuple(
      fc.constantFrom(...Object.values(goodResponses)),
      fc.array(mutation, { minLength: 1, maxLength: 3 }),
    );
    fc.assert(
      fc.property(bodies, ([body, mutations]) => {
        const changed = mutations.reduce<unknown>(mutate, body);
        if (schemaErrors(changed).length === 0) return;
        refused += 1;
        expect({ changed, refused: judgeResponsesRequest(changed)?.status }).toEqual({
          changed,
          refused: expect.toSatisfy((status) => status === 400 || status === 404),
        });
      }),
      { numRuns: 2000 },
    );
    expect(refused).toBeGreaterThan(250);
  });
});

describe('the loopback server and the vendor’s schema', () => {
  beforeEach(({ skip }) => skip(missingDocument !== undefined, missingDocument));

  it('sends responses and typed events, numbered from 0, that the schema takes', async () => {
    const schema = loadSchemas();
    const answer = {
      reasoning: 'Let me see.',
      text: 'one two',
      refusal: 'no',
      toolCalls: [{ name: 'weather', arguments: { city: 'Porto' } }],
      reasoningTokens: 3,
      cachedTokens: 1,
      cacheWriteTokens: 2,
    };
    const check = (name: string, value: unknown) => {
      const validate = schema(name);
      validate(value);
      expect({ value, errors: validate.errors ?? [] }).toEqual({ value, errors: [] });
    };
    const failure = { code: 'server_error', message: 'It failed.' };
    for (const given of [answer, { ...answer, finishReason: 'length' as const }, { failure }]) {
      const server = await startOpenAI({ answer: () => given });
      for (const body of Object.values(goodResponses)) {
        const post = (more: object) =>
          fetch(`${server.url}/responses`, { method: 'POST', body: JSON.stringify({ ...body, ...more }) });
        check('Response', await (await post({ stream: false, stream_options: undefined })).json());
        const text = await (await post({ stream: true })).text();
        const events = text
          .split('\n\n')
          .slice(0, -1)
          .map(
            (event) =>
              JSON.parse(event.slice(event.indexOf('data: ') + 6)) as { readonly sequence_number: number },
          );
        for (const event of events) check('ResponseStreamEvent', event);
        expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
      }
      await server.close();
    }
  });
});

let validateRequest: ReturnType<ReturnType<typeof loadSchemas>> | undefined;

function schemaErrors(body: unknown): readonly unknown[] {
  validateRequest ??= loadSchemas()('CreateResponse');
  validateRequest(body);
  return validateRequest.errors ?? [];
}
