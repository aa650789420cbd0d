import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { judgeMistralRequest, startMistral } from '../src/mistral.js';
import { badMistral, goodMistral, refusedByMistral } from './mistral-requests.js';
import { loadSchemas, missingDocument } from './mistral-schema.js';

describe('judgeMistralRequest', () => {
  it.each(Object.entries(goodMistral))('takes what the vendor takes: %s', (_, body) => {
    expect(judgeMistralRequest(body)).toBeUndefined();
  });

  it.each(Object.entries(badMistral))(
    'refuses with 422 and details what fits no schema: %s',
    (_, [type, body]) => {
      expect(judgeMistralRequest(body)).toEqual({
        status: 422,
        body: { detail: [{ type, loc: expect.arrayContaining(['body']), msg: expect.any(String) }] },
      });
    },
  );

  it.each(Object.entries(refusedByMistral))(
    'refuses with 400 what only the vendor’s rules forbid: %s',
    (_, [code, body]) => {
      expect(judgeMistralRequest(body)).toEqual({
        status: 400,
        body: { object: 'error', message: expect.any(String), type: expect.any(String), param: null, code },
      });
    },
  );

  it('counts the prompt and the maximum of output against the context window', () => {
    const body = { model: 'm', messages: [{ role: 'user', content: 'a'.repeat(1000) }] };
    expect(judgeMistralRequest(body, { contextWindow: 300 })).toBeUndefined();
    expect(judgeMistralRequest(body, { contextWindow: 200 })?.body['code']).toBe('3051');
    expect(
      judgeMistralRequest({ ...body, max_tokens: 100 }, { contextWindow: 300 })?.body['message'],
    ).toContain('too large for model with 300 maximum context length');
  });

  it('says which role follows which', () => {
    const [, body] = refusedByMistral['user after tool'] ?? [];
    expect(judgeMistralRequest(body)?.body['message']).toBe("Unexpected role 'user' after role 'tool'");
  });
});

/** A place in a body and what is put there; `undefined` takes it away. */
interface Mutation {
  readonly at: number;
  readonly value: unknown;
}

const anything = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    true,
    '',
    'auto',
    'any',
    'text',
    'function',
    'user',
    'tool',
    0,
    1,
    -1,
    1.5,
    3,
    [],
    ['a'],
    [[]],
    {},
    { type: 'text' },
    { type: 'text', text: 'x' },
    { name: 'f' },
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

describe('judgeMistralRequest and the vendor’s schema', () => {
  beforeEach(({ skip }) => skip(missingDocument !== undefined, missingDocument));

  it.each(Object.entries(goodMistral))('agree on what is good: %s', (_, body) => {
    expect(schemaErrors(body)).toEqual([]);
  });

  it.each(Object.entries(badMistral))('agree on what is bad: %s', (_, [, body]) => {
    expect(schemaErrors(body)).not.toEqual([]);
  });

  it.each(Object.entries(refusedByMistral))(
    'differ only where no schema states the rule: %s',
    (_, [, body]) => {
      expect(schemaErrors(body)).toEqual([]);
    },
  );

  it('never differ the other way: what the schema refuses, the judge refuses', () => {
    const mutation = fc.record<Mutation>({ at: fc.nat(), value: anything });
    const bodies = fc.tuple(
      fc.constantFrom(...Object.values(goodMistral)),
      fc.array(mutation, { minLength: 1, maxLength: 3 }),
    );
    let refused = 0;
    fc.assert(
      fc.property(bodies, ([body, mutations]) => {
        const changed = mutations.reduce<unknown>(mutate, body);
        if (schemaErrors(changed).length === 0) return;
        refused += 1;
        expect({ changed, refused: judgeMistralRequest(changed) !== undefined }).toEqual({
          changed,
          refused: true,
        });
      }),
      { numRuns: 4000 },
    );
    expect(refused).toBeGreaterThan(500);
  });
});

describe('the loopback server and the vendor’s schema', () => {
  beforeEach(({ skip }) => skip(missingDocument !== undefined, missingDocument));

  it.each(['num_cached_tokens', 'prompt_tokens_details', 'prompt_token_details'] as const)(
    'sends responses, chunks, errors, vectors and lists that the schema takes: %s',
    async (cachedIn) => {
      const schema = loadSchemas();
      const toolCalls = [{ name: 'weather', arguments: { city: 'Porto' } }];
      const answer = { reasoning: 'Let me see.', text: 'one two', toolCalls, cachedTokens: 1, cachedIn };
      const server = await startMistral({ answer: () => answer });
      const post = (path: string, body: object) =>
        fetch(`${server.url}/v1/${path}`, { method: 'POST', body: JSON.stringify(body) });
      const check = (name: string, value: unknown) => {
        const validate = schema(name);
        validate(value);
        expect(validate.errors ?? []).toEqual([]);
      };
      for (const body of Object.values(goodMistral)) {
        check(
          'ChatCompletionResponse',
          await (await post('chat/completions', { ...body, stream: false })).json(),
        );
        const events = await (await post('chat/completions', { ...body, stream: true })).text();
        for (const event of events.split('\n\n').slice(0, -2))
          check('CompletionChunk', JSON.parse(event.slice(6)));
      }
      check('HTTPValidationError', await (await post('chat/completions', {})).json());
      check(
        'EmbeddingResponse',
        await (await post('embeddings', { model: 'mistral-embed', input: ['a', 'b'] })).json(),
      );
      check('ModelList', await (await fetch(`${server.url}/v1/models`)).json());
      await server.close();
    },
  );
});

let validateRequest: ReturnType<ReturnType<typeof loadSchemas>> | undefined;

function schemaErrors(body: unknown): readonly unknown[] {
  validateRequest ??= loadSchemas()('ChatCompletionRequest');
  validateRequest(body);
  return validateRequest.errors ?? [];
}

/** Replaces the value at one of the places of a body, counted in order. */
function mutate(body: unknown, { at, value }: Mutation): unknown {
  const copy = structuredClone(body);
  const places: { readonly holder: Record<string, unknown>; readonly name: string }[] = [];
  const visit = (holder: unknown) => {
    if (typeof holder !== 'object' || holder === null) return;
    for (const name of Object.keys(holder)) {
      places.push({ holder: holder as Record<string, unknown>, name });
      visit((holder as Record<string, unknown>)[name]);
    }
  };
  visit(copy);
  const place = places[at % places.length];
  if (!place) return value;
  if (value === undefined && !Array.isArray(place.holder)) delete place.holder[place.name];
  else place.holder[place.name] = value === undefined ? null : structuredClone(value);
  return copy;
}
