import { describe, expect, expectTypeOf, it } from 'vitest';
import { promptText, scripted, traits, user } from '../../test/models.js';
import { type ChatModel, type ChatResponse, InvalidInputError, type JsonValue } from '../index.js';
import { generateOutput, OutputError, type OutputSchema } from '../output.js';

interface City {
  readonly name: string;
  readonly people: number;
}

const jsonSchema: Record<string, unknown> = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: { name: { type: 'string' }, people: { type: 'number' } },
  required: ['name', 'people'],
};

/** Written by hand, as any library's is: takes a city with people, and capitalises its name. */
function citySchema(written: () => Record<string, unknown> = () => jsonSchema): OutputSchema<City> {
  return {
    '~standard': {
      version: 1,
      vendor: 'hand',
      jsonSchema: { input: written },
      validate: async (value) => {
        const { name, people } = (value ?? {}) as { readonly name?: unknown; readonly people?: unknown };
        const issues = [
          ...(typeof name === 'string' ? [] : [{ message: 'expected text', path: ['name'] }]),
          ...(typeof people === 'number'
            ? []
            : [{ message: 'expected number', path: [{ key: 'people' }, 0] }]),
        ];
        if (typeof name !== 'string' || typeof people !== 'number') return { issues };
        return { value: { name: name.toUpperCase(), people } };
      },
    },
  };
}

const request = { messages: [user('Tell me of Porto.')] };
const schema = citySchema();
const right = '{"name":"Porto","people":231800}';
const wrong = '{"name":7,"people":"many"}';
const answers = (...texts: readonly string[]) => {
  let round = 0;
  return scripted(() => texts[round++] ?? 'asked too often');
};
const withoutSchema = { features: { ...traits.features, 'output-schema': 'no' } } as const;

async function failureOf(promise: Promise<unknown>): Promise<OutputError> {
  const outcome: unknown = await promise.catch((error: unknown) => error);
  if (!OutputError.isInstance(outcome)) throw new Error('Expected an OutputError.', { cause: outcome });
  return outcome;
}

/** Answers once, for this reason. */
function ending(finishReason: ChatResponse['finishReason'], text: string, usage?: null): ChatModel {
  const model = answers(text, right);
  return {
    ...model,
    generate: async (given, options) => ({
      ...(await model.generate(given, options)),
      finishReason,
      ...(usage === null && { usage }),
    }),
  };
}

describe('generateOutput', () => {
  it('gives what the schema makes of the answer, typed', async () => {
    const model = answers(right);
    const output = await generateOutput(model, request, { schema, name: 'city' });
    expectTypeOf(output.value).toEqualTypeOf<City>();
    expect(output).toMatchObject({
      value: { name: 'PORTO', people: 231800 },
      usage: { input: 10, output: 2 },
      attempts: [],
      response: { warnings: [] },
    });
    expect(model.asked).toHaveLength(1);
    expect(model.asked[0]?.output?.name).toBe('city');
  });

  it('sends one answer back with what is wrong, and sums the usage', async () => {
    const model = answers(wrong, right);
    const output = await generateOutput(model, request, { schema });
    expect(output.value.people).toBe(231800);
    expect(output.usage).toMatchObject({ input: 20, output: 4 });
    expect(output.attempts).toMatchObject([
      {
        issues: [
          { path: 'name', message: 'expected text' },
          { path: 'people[0]', message: 'expected number' },
        ],
      },
    ]);
    expect(promptText(model.asked[1])).toBe(
      `user: Tell me of Porto.\nassistant: ${wrong}\nuser: That answer does not fit the schema:\n- name: expected text\n- people[0]: expected number\nWrite the whole corrected JSON value and nothing else.`,
    );
    expect(model.asked[1]?.output).toEqual(model.asked[0]?.output);
  });

  it('fails with everything that was asked and answered once no round is left', async () => {
    const model = answers(wrong, 'Porto!', right);
    const error = await failureOf(generateOutput(model, request, { schema }));
    expect(error).toMatchObject({
      code: 'OUTPUT',
      name: 'OutputError',
      reason: 'mismatch',
      text: 'Porto!',
      issues: [{ path: '', message: 'is not JSON' }],
      usage: { input: 20, output: 4 },
    });
    expect(error.attempts).toHaveLength(2);
    expect(model.asked).toHaveLength(2);
    // What a model wrote may be anybody's.
    expect(error.message).not.toContain('Porto');
  });

  it('asks as often as it is told to', async () => {
    const none = answers(wrong, right);
    await failureOf(generateOutput(none, request, { schema, repair: 0 }));
    expect(none.asked).toHaveLength(1);
    const model = answers(wrong, wrong, wrong, right);
    expect((await generateOutput(model, request, { schema, repair: 3 })).attempts).toHaveLength(3);
  });

  it('sends no empty answer back', async () => {
    const model = answers(' ', right);
    await generateOutput(model, request, { schema });
    expect(model.asked[1]?.messages.map(({ role }) => role)).toEqual(['user', 'user']);
    expect(promptText(model.asked[1])).toContain('- the value: is empty');
  });

  it('names twenty issues at most', async () => {
    const issues = Array.from({ length: 50 }, (_, index) => ({ message: 'no', path: [`p${index}`] }));
    const standard = { ...schema['~standard'], validate: () => ({ issues }) };
    const model = answers('{}', '{}');
    const error = await failureOf(generateOutput(model, request, { schema: { '~standard': standard } }));
    expect(error.issues).toHaveLength(50);
    expect(promptText(model.asked[1])).toMatch(/- p19: no\n- and 30 more\n/);
  });

  it.each(['length', 'content-filter', 'context-window', 'tool-calls', 'paused'] as const)(
    'asks for no correction of an answer that ended by %s',
    async (reason) => {
      const error = await failureOf(generateOutput(ending(reason, right.slice(0, 9)), request, { schema }));
      expect(error).toMatchObject({ reason, issues: [], text: right.slice(0, 9) });
      expect(error.attempts).toHaveLength(1);
    },
  );

  it('says that the maximum is too small where it cut the answer', async () => {
    const error = await failureOf(generateOutput(ending('length', '{'), request, { schema }));
    expect(error.message).toMatch(/maxOutputTokens.* raise it/);
  });

  it('does not know the usage of all where one round did not say it', async () => {
    expect((await generateOutput(ending('other', right, null), request, { schema })).usage).toBeNull();
    const error = await failureOf(
      generateOutput(ending('stop', wrong, null), request, { schema, repair: 0 }),
    );
    expect(error.usage).toBeNull();
  });

  it('passes signal and deadline to every round', async () => {
    const model = answers(wrong, right);
    const given: unknown[] = [];
    const watched: ChatModel = {
      ...model,
      generate: (round, options) => {
        given.push(options);
        return model.generate(round, options);
      },
    };
    const options = { signal: new AbortController().signal, deadlineAt: 9e15 };
    await generateOutput(watched, request, { schema }, options);
    expect(given).toEqual([options, options]);
  });

  it('begins no second round for a caller that has gone', async () => {
    const controller = new AbortController();
    const model = scripted(() => {
      controller.abort();
      return wrong;
    });
    const asked = generateOutput(model, request, { schema }, { signal: controller.signal });
    await expect(asked).rejects.toMatchObject({ kind: 'aborted' });
    expect(model.asked).toHaveLength(1);
  });
});

describe('a model that takes no schema', () => {
  it('is given it in a system message behind the others, with a warning', async () => {
    const model = scripted(() => right, withoutSchema);
    const messages = [{ ...user('Be brief.'), role: 'system' as const }, ...request.messages];
    const { response } = await generateOutput(model, { messages }, { schema });
    expect(model.asked[0]?.output).toBeUndefined();
    expect(model.asked[0]?.messages.map(({ role }) => role)).toEqual(['system', 'system', 'user']);
    expect(promptText(model.asked[0])).toContain('"people":{"type":"number"}');
    expect(response.warnings).toMatchObject([{ code: 'output-schema' }]);
  });

  it('may put its value into a fenced block', async () => {
    for (const text of [
      `\`\`\`json\n${right}\n\`\`\``,
      `Here it is:\n\`\`\`\n${right}\n\`\`\`\nGood luck!`,
    ]) {
      const { value } = await generateOutput(
        scripted(() => text, withoutSchema),
        request,
        { schema, repair: 0 },
      );
      expect(value.name).toBe('PORTO');
    }
  });

  it('is the only one that may', async () => {
    const model = scripted(() => `\`\`\`json\n${right}\n\`\`\``);
    expect((await failureOf(generateOutput(model, request, { schema }))).issues[0]?.message).toBe(
      'is not JSON',
    );
  });
});

describe('the schema that a model sees', () => {
  const seen = async (written: JsonValue) => {
    const model = answers(right);
    await generateOutput(model, request, { schema: citySchema(() => written as Record<string, unknown>) });
    return model.asked[0]?.output?.schema;
  };

  it('has closed objects at every level, where it does not say otherwise', async () => {
    const inner = { type: 'object', properties: { a: { type: 'string' } } };
    const open = { ...inner, additionalProperties: {} };
    const closed = { ...inner, additionalProperties: false };
    const record = { type: 'object', additionalProperties: inner };
    const nested = {
      properties: { properties: inner, list: { type: 'array', items: inner }, open, record },
      $defs: { one: { anyOf: [inner, { type: 'null' }] } },
    };
    expect(await seen({ $schema: 'x', ...nested })).toEqual({
      properties: {
        properties: closed,
        list: { type: 'array', items: closed },
        open,
        record: { type: 'object', additionalProperties: closed },
      },
      $defs: { one: { anyOf: [closed, { type: 'null' }] } },
      additionalProperties: false,
    });
  });

  it('is left as it is where its parts must let each other through', async () => {
    const both = { allOf: [{ properties: { a: {} } }, { properties: { b: {} } }] };
    expect(await seen(both)).toEqual(both);
  });

  it.each([
    ['has no JSON Schema', { '~standard': { version: 1, vendor: 'x', validate: () => ({ value: 1 }) } }],
    ['is none', {}],
    [
      'cannot be written',
      citySchema(() => {
        throw new Error('Date cannot be represented');
      }),
    ],
  ])('is refused before any call where it %s', async (_, given) => {
    const model = answers(right);
    const asked = generateOutput(model, request, { schema: given as OutputSchema<City> });
    await expect(asked).rejects.toSatisfy(InvalidInputError.isInstance);
    expect(model.asked).toHaveLength(0);
  });

  it('is refused with a number of rounds that is none', async () => {
    const asked = generateOutput(answers(right), request, { schema, repair: -1 });
    await expect(asked).rejects.toMatchObject({ path: 'options.repair' });
  });
});
