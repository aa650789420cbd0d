// What users of gateways and routers reported about single vendors, on all four dialects through the real SDKs.
import { type CallOptions, type ChatModel, createMessage, type Message, type ModelError } from '@loci/core';
import { anthropic } from '@loci/providers-anthropic';
import { mistral } from '@loci/providers-mistral';
import { openai } from '@loci/providers-openai';
import { createTestClock, type TestClock } from '@loci/testing';
import { startAnthropic } from '@loci/testing/anthropic';
import { startMistral } from '@loci/testing/mistral';
import { startOpenAI } from '@loci/testing/openai';
import { describe, expect, it, onTestFinished } from 'vitest';

const dialects = {
  'OpenAI Chat Completions': openAI('chat'),
  'OpenAI Responses': openAI('responses'),
  'Anthropic Messages': async (clock: TestClock) => {
    const server = await startAnthropic({ answer: () => 'one two three' });
    return { server, model: anthropic('claude-opus-5', { baseUrl: server.url, clock }) };
  },
  'Mistral Chat': async (clock: TestClock) => {
    const server = await startMistral({ answer: () => 'one two three' });
    return { server, model: mistral('mistral-medium-3-5', { baseUrl: server.url, clock }) };
  },
} as const;

function openAI(api: 'chat' | 'responses') {
  return async (clock: TestClock) => {
    const server = await startOpenAI({ answer: () => 'one two three' });
    const modelId = api === 'chat' ? 'gpt-4.1' : 'gpt-5.4';
    return { server, model: openai(modelId, { baseUrl: server.url, api, clock }) };
  };
}

/** The faults that every vendor has. */
type Fault =
  | 'cut'
  | 'quota'
  | 'silent'
  | 'stall'
  | 'slow-first-token'
  | 'rate-limit-long'
  | 'server-error'
  | 'error-frame'
  | 'error-frame-first';

interface Subject {
  readonly model: ChatModel;
  readonly clock: TestClock;
  readonly server: {
    readonly requests: readonly { readonly rejected?: unknown }[];
    setFault(fault: Fault, options?: { readonly times?: number }): void;
    whenHeld(): Promise<void>;
    close(): Promise<void>;
  };
}

async function start(name: keyof typeof dialects): Promise<Subject> {
  const clock = createTestClock();
  const { server, model } = await dialects[name](clock);
  onTestFinished(() => server.close());
  return { server, model, clock };
}

const ask = (...history: readonly Message[]) => ({
  messages: [...history, createMessage({ role: 'user', content: 'How is Porto?' })],
});

async function failureOf({ model }: Subject, options: CallOptions = {}): Promise<ModelError> {
  return model.generate(ask(), options).then(
    () => Promise.reject(new Error('It succeeded.')),
    (error: ModelError) => error,
  );
}

/** A tool round as another vendor left it. */
function foreignRound(toolCallId: string): Message[] {
  const call = { type: 'tool-call', toolCallId, toolName: 'weather', input: { city: 'Porto' } } as const;
  const { type: _, input: __, ...called } = call;
  return [
    createMessage({ role: 'user', content: 'How is Porto?' }),
    createMessage({ role: 'assistant', content: [call] }),
    createMessage({
      role: 'tool',
      content: [{ type: 'tool-result', ...called, output: '19 °C', isError: false }],
    }),
  ];
}

describe.each(Object.keys(dialects) as (keyof typeof dialects)[])('pains of users: %s', (name) => {
  it('an answer that is cut upstream ends as an error with what had come, never as a success (Portkey-AI/gateway#1797)', async () => {
    const subject = await start(name);
    subject.server.setFault('cut');
    const { kind, retry, partial } = await failureOf(subject);
    expect({ kind, retry }).toEqual({ kind: 'truncated', retry: 'other' });
    expect(partial?.content).toMatchObject([{ type: 'text', text: expect.stringMatching(/^one/) }]);
  });

  it('headers that never come are not waited for (maximhq/bifrost#7034)', async () => {
    const subject = await start(name);
    subject.server.setFault('silent');
    const failed = failureOf(subject, { timeouts: { headersMs: 1000 } });
    await subject.server.whenHeld();
    await subject.clock.advance(1000);
    expect(await failed).toMatchObject({ kind: 'timeout', retry: 'other' });
  });

  it('there is a limit to the first token, and the frame that opens an answer is none (BerriAI/litellm#5859, maximhq/bifrost#5395)', async () => {
    const subject = await start(name);
    subject.server.setFault('slow-first-token');
    const failed = failureOf(subject, { timeouts: { firstContentMs: 1000 } });
    await subject.server.whenHeld();
    await subject.clock.advance(1000);
    const error = await failed;
    expect(error).toMatchObject({ kind: 'timeout', retry: 'other' });
    expect(error).not.toHaveProperty('partial');
  });

  it('a stream that falls silent ends after the idle time (anthropics/anthropic-sdk-typescript#867, MoonshotAI/kimi-code#1798)', async () => {
    const subject = await start(name);
    subject.server.setFault('stall');
    const begun = Promise.withResolvers<void>();
    const read = async () => {
      for await (const event of subject.model.stream(ask(), { timeouts: { idleMs: 1000 } }))
        if (event.type === 'text-delta') begun.resolve();
    };
    const failed = read().catch((error: unknown) => error);
    await begun.promise;
    await subject.clock.advance(1000);
    expect(await failed).toMatchObject({ kind: 'timeout', partial: { content: [{ type: 'text' }] } });
  });

  it('an exhausted quota is told from a rate limit and not tried again here (maximhq/bifrost#5395)', async () => {
    const subject = await start(name);
    subject.server.setFault('quota');
    expect(await failureOf(subject)).toMatchObject({ kind: 'quota', scope: 'credential', retry: 'other' });
    expect(subject.server.requests).toHaveLength(1);
  });

  it('the SDK retries nothing and waits for nothing by itself (BerriAI/litellm#3274)', async () => {
    const subject = await start(name);
    subject.server.setFault('rate-limit-long');
    expect(await failureOf(subject)).toMatchObject({ kind: 'rate-limit', retryAfterMs: 120_000 });
    subject.server.setFault('server-error');
    expect(await failureOf(subject)).toMatchObject({ kind: 'server', retry: 'same' });
    expect(subject.server.requests).toHaveLength(2);
  });

  it.each(['error-frame', 'error-frame-first'] as const)(
    'an error inside a stream with status 200 is one that another try may mend: %s (mpfaffenberger/code_puppy#616, QwenLM/qwen-code#11291)',
    async (fault) => {
      const subject = await start(name);
      subject.server.setFault(fault);
      const error = await failureOf(subject);
      expect(['server', 'overloaded', 'rate-limit']).toContain(error.kind);
      expect(error.retry).toBe('same');
    },
  );

  it.each([
    `call_${'x'.repeat(60)}`,
    'call_|fc_68:0',
    'toolu_01A09q90qw90lq917835lq9',
    'functions.weather:0',
    'a b',
  ])(
    'the id %j of another vendor is taken, in call and result (maximhq/bifrost#5097, vercel/ai#5171, anomalyco/opencode#1680, vllm-project/vllm#9019, karthink/gptel#1203)',
    async (id) => {
      const subject = await start(name);
      await subject.model.generate({ messages: foreignRound(id) });
      expect(subject.server.requests).toMatchObject([{}]);
      expect(subject.server.requests[0]?.rejected).toBeUndefined();
    },
  );

  it('ids that look alike once they are rewritten stay apart (HKUDS/nanobot#4356)', async () => {
    const subject = await start(name);
    const [one, two] = [foreignRound('call:1').slice(1), foreignRound('call.1').slice(1)];
    await subject.model.generate({ messages: [...foreignRound('call 1'), ...one, ...two] });
    expect(subject.server.requests[0]?.rejected).toBeUndefined();
  });

  it('a user message right behind tool results is taken (BerriAI/litellm#17761, NousResearch/hermes-agent#20154)', async () => {
    const subject = await start(name);
    await subject.model.generate(ask(...foreignRound('call_1')));
    expect(subject.server.requests[0]?.rejected).toBeUndefined();
  });

  it('a signed thought of another model is not replayed (NousResearch/hermes-agent#24401, can1357/oh-my-pi#6379, vybestack/llxprt-code#2335)', async () => {
    const subject = await start(name);
    const thought = createMessage({
      role: 'assistant',
      content: [
        {
          type: 'reasoning',
          text: 'Hm.',
          origin: { provider: 'anthropic', model: 'claude-sonnet-4-5' },
          payload: { type: 'thinking', thinking: 'Hm.', signature: 'of-another-model' },
        },
        { type: 'text', text: 'Fine.' },
      ],
    });
    await subject.model.generate(ask(createMessage({ role: 'user', content: 'And?' }), thought));
    expect(subject.server.requests[0]?.rejected).toBeUndefined();
  });

  it.each(['', ' \n '])(
    'the empty text %j is taken (block/goose#7343, anomalyco/opencode#46291)',
    async (text) => {
      const subject = await start(name);
      const messages = [
        createMessage({ role: 'user', content: 'And?' }),
        createMessage({ role: 'assistant', content: [{ type: 'text', text }] }),
        createMessage({
          role: 'user',
          content: [
            { type: 'text', text },
            { type: 'text', text: 'Go on.' },
          ],
        }),
      ];
      await subject.model.generate({ messages });
      expect(subject.server.requests[0]?.rejected).toBeUndefined();
    },
  );

  it('an answer that a model will not continue is asked for otherwise (BerriAI/litellm#27967)', async () => {
    const subject = await start(name);
    const begun = createMessage({ role: 'assistant', content: 'It is ' });
    await subject.model.generate({ messages: [...ask().messages, begun] });
    expect(subject.server.requests[0]?.rejected).toBeUndefined();
  });
});

it.each<[string, () => Promise<{ server: { close(): Promise<void> }; model: ChatModel }>]>([
  [
    'OpenAI Chat Completions',
    async () => {
      const server = await startOpenAI({ models: ['gpt-9'] });
      return { server, model: openai('gpt-4.1', { baseUrl: server.url, api: 'chat' }) };
    },
  ],
  [
    'OpenAI Responses',
    async () => {
      const server = await startOpenAI({ models: ['gpt-9'] });
      return { server, model: openai('gpt-5.4', { baseUrl: server.url, api: 'responses' }) };
    },
  ],
  [
    'Anthropic Messages',
    async () => {
      const server = await startAnthropic({ models: ['claude-9'] });
      return { server, model: anthropic('claude-opus-5', { baseUrl: server.url }) };
    },
  ],
  [
    'Mistral Chat',
    async () => {
      const server = await startMistral({ models: ['mistral-9'] });
      return { server, model: mistral('mistral-medium-3-5', { baseUrl: server.url }) };
    },
  ],
])(
  'pains of users: %s: a model that is retired is one that another may answer for (mozilla-ai/otari#173)',
  async (_, open) => {
    const { server, model } = await open();
    onTestFinished(() => server.close());
    await expect(model.generate(ask())).rejects.toMatchObject({
      kind: 'not-found',
      scope: 'model',
      retry: 'other',
    });
  },
);
