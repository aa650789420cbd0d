import {
  type ChatEvent,
  type ChatRequest,
  createMessage,
  defineModel,
  type FinishReason,
  guardCall,
  ModelError,
  type ModelErrorData,
  type Part,
  type Usage,
} from '@loci/core';
import type { ModelContext, ModelScenario, ModelSubject } from '@loci/testing/model';

type Step = ChatEvent | 'hold' | 'cut' | { readonly failure: ModelErrorData };

const origin = { provider: 'example', model: 'good' };
const usage: Usage = { input: 10, cacheRead: 4, cacheWrite: 0, output: 5, reasoning: 2 };
const text = (value: string, partIndex = 0): ChatEvent => ({ type: 'text-delta', partIndex, text: value });
const spoken = [text('one '), text('two '), text('three')];
const said: Part = { type: 'text', text: 'one two three' };

function finish(
  content: readonly Part[],
  finishReason: FinishReason = 'stop',
  more: { readonly usage?: Partial<Usage> | null; readonly warned?: boolean } = {},
): ChatEvent {
  return {
    type: 'finish',
    response: {
      message: createMessage({ role: 'assistant', content, createdAt: 1 }),
      finishReason,
      usage: more.usage === null ? null : { ...usage, ...more.usage },
      model: { provider: 'example', modelId: 'good' },
      warnings: more.warned ? [{ code: 'unsupported', message: 'Reasoning was left out.' }] : [],
    },
  };
}

function calling(...cities: readonly string[]): ChatEvent[] {
  const calls = cities.map((city, index) => ({
    type: 'tool-call' as const,
    toolCallId: `call-${index}`,
    toolName: 'weather',
    input: { city },
  }));
  return [
    ...calls.map(
      ({ toolCallId, toolName, input }, partIndex): ChatEvent => ({
        type: 'tool-call-delta',
        partIndex,
        toolCallId,
        toolName,
        inputText: JSON.stringify(input),
      }),
    ),
    finish(calls, 'tool-calls'),
  ];
}

const spending = (more: Partial<Usage>) => [
  ...spoken,
  finish([said], 'stop', { usage: { input: 100, output: 20, ...more } }),
];
const fail = (failure: ModelErrorData): Step => ({ failure });
const partOfCall: ChatEvent = {
  type: 'tool-call-delta',
  partIndex: 0,
  toolCallId: 'call-0',
  toolName: 'weather',
  inputText: '{"ci',
};

const scripts: Readonly<Record<ModelScenario, (warned: boolean) => readonly Step[]>> = {
  text: (warned) => [...spoken, finish([said], 'stop', { warned })],
  reasoning: () => [
    { type: 'reasoning-delta', partIndex: 0, text: 'Let me see.' },
    ...spoken.map((event) => ({ ...event, partIndex: 1 }) as ChatEvent),
    finish([{ type: 'reasoning', text: 'Let me see.', origin, payload: { signature: 'SIGNED' } }, said]),
  ],
  'tool-call': () => calling('Porto'),
  'tool-calls': () => calling('Porto', 'Lima'),
  json: () => [text('{"total":6}'), finish([{ type: 'text', text: '{"total":6}' }])],
  cached: () => spending({ cacheRead: 40 }),
  'cache-write': () => spending({ cacheRead: 0, cacheWrite: 8 }),
  'counted-reasoning': () => spending({ reasoning: 6 }),
  'no-usage': () => [...spoken, finish([said], 'stop', { usage: null })],
  length: () => [...spoken, finish([said], 'length')],
  'content-filter': () => [...spoken, finish([said], 'content-filter')],
  cut: () => [text('one '), 'cut'],
  'cut-tool-call': () => [partOfCall, 'cut'],
  reset: () => [text('one '), fail({ kind: 'connection', scope: 'provider', retry: 'same' })],
  empty: () => ['cut'],
  malformed: () => [text('one '), fail({ kind: 'malformed', scope: 'model', retry: 'other' })],
  'malformed-tool-call': () => [partOfCall, fail({ kind: 'malformed', scope: 'model', retry: 'other' })],
  'error-in-stream': () => [text('one '), fail({ kind: 'server', scope: 'provider', retry: 'same' })],
  'rate-limit': () => [
    fail({ kind: 'rate-limit', scope: 'model', retry: 'same', retryAfterMs: 2000, status: 429 }),
  ],
  quota: () => [fail({ kind: 'quota', scope: 'credential', retry: 'other', status: 429 })],
  'server-error': () => [fail({ kind: 'server', scope: 'provider', retry: 'same', status: 500 })],
  overloaded: () => [fail({ kind: 'overloaded', scope: 'provider', retry: 'same', status: 503 })],
  unauthorized: () => [fail({ kind: 'auth', scope: 'credential', retry: 'other', status: 401 })],
  'echoed-key': () => [fail({ kind: 'auth', scope: 'credential', retry: 'other', status: 401 })],
  'context-length': () => [fail({ kind: 'context-length', scope: 'request', retry: 'other', status: 400 })],
  refused: () => [fail({ kind: 'content-filter', scope: 'request', retry: 'other', status: 400 })],
  silent: () => ['hold'],
  'slow-first-content': () => ['hold'],
  stalled: () => [text('one '), 'hold'],
};

/** What reaches the vendor: nothing that is for somebody else, and no reasoning, which the model does not take. */
function toBody({ vendor, reasoning: _, ...request }: ChatRequest) {
  const isOurs = (part: Part) =>
    part.type !== 'reasoning' ||
    (part.origin.provider === origin.provider && part.origin.model === origin.model);
  return {
    ...request,
    messages: request.messages.map((message) => ({ ...message, content: message.content.filter(isOurs) })),
    vendor: vendor?.['example'] ?? null,
  };
}

/** A model with a vendor in the same process, which keeps every promise. */
export function goodModel({ scenario, clock }: ModelContext): ModelSubject {
  const received: string[] = [];
  const held = Promise.withResolvers<void>();
  let open = 0;

  async function* vendor(request: ChatRequest, signal: AbortSignal) {
    for (const step of scripts[scenario](request.reasoning !== undefined)) {
      await new Promise((resolve) => setImmediate(resolve));
      if (step === 'cut') return;
      if (step === 'hold') {
        held.resolve();
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
        return;
      }
      if ('failure' in step) throw new ModelError('The vendor failed.', step.failure);
      yield step;
    }
  }

  const model = defineModel({
    provider: 'example',
    modelId: 'good',
    traits: {
      features: {
        tools: 'yes',
        images: 'yes',
        files: 'yes',
        'output-schema': 'yes',
        reasoning: 'no',
        system: 'yes',
        prefill: 'unknown',
      },
      contextWindow: 8000,
      maxOutputTokens: 'unknown',
    },
    async *stream(request, options) {
      const guard = guardCall(options, {}, clock);
      let isOpen = false;
      try {
        if (guard.failure) throw guard.failure;
        if (request.messages.length === 0)
          throw new ModelError('There is nothing to send.', {
            kind: 'invalid-request',
            scope: 'request',
            retry: 'none',
          });
        open++;
        isOpen = true;
        received.push(JSON.stringify(toBody(request)));
        if (scenario !== 'silent') guard.headers();
        for await (const event of guard.watch(vendor(request, guard.signal))) {
          guard.event(true);
          yield event;
          if (guard.failure) throw guard.failure;
        }
        if (guard.failure) throw guard.failure;
      } finally {
        if (isOpen) open--;
        guard.close();
      }
    },
  });
  return {
    model,
    requests: () => received.length,
    openConnections: () => open,
    received: () => received.join('\n'),
    bodies: () => received,
    whenHeld: () => held.promise,
    secret: 'sk-good-0123456789',
    unsupported: { reasoning: { effort: 'high' } },
  };
}
