import { type ChatModel, createMessage, ModelError } from '@loci/core';
import { anthropic } from '@loci/providers-anthropic';
import { mistral } from '@loci/providers-mistral';
import { openai } from '@loci/providers-openai';
import { startAnthropic } from '@loci/testing/anthropic';
import { startMistral } from '@loci/testing/mistral';
import { startOpenAI } from '@loci/testing/openai';
import { median } from '../measure.js';
import type { Check, Row, Suite } from '../suite.js';

const phases = {
  'before the headers': 'silent',
  'before the first token': 'slow-first-token',
  'in mid-stream': 'stall',
} as const;
const calls = 100;
const limitMs = 50;
const question = { messages: [createMessage({ role: 'user', content: 'Go on.' })] };

interface Subject {
  readonly name: string;
  readonly model: ChatModel;
  readonly server: {
    setFault(fault: (typeof phases)[keyof typeof phases]): void;
    whenHeld(): Promise<void>;
    close(): Promise<void>;
  };
}

/** How long a call takes to end once its caller aborts it. */
export const aborts: Suite = {
  name: 'aborts',
  measures:
    'the time from the abort of a call to its end, on the four dialects over the real SDKs on loopback',
  async run({ progress }) {
    const subjects = await startSubjects();
    const rows: Row[] = [];
    const checks: Check[] = [];
    try {
      for (const { name, model, server } of subjects) {
        progress(name);
        await model.generate(question);
        for (const [phase, fault] of Object.entries(phases)) {
          const taken: number[] = [];
          for (let call = 0; call < calls; call++) {
            server.setFault(fault);
            taken.push(await abortOne(model, server));
          }
          const sorted = taken.toSorted((a, b) => a - b);
          const middle = median(taken);
          rows.push({
            table: 'from abort to end, ms',
            dialect: name,
            phase,
            median: Number(middle.toFixed(2)),
            p95: Number((sorted[Math.floor(calls * 0.95)] ?? 0).toFixed(2)),
            max: Number((sorted.at(-1) ?? 0).toFixed(2)),
          });
          checks.push({ id: `abort/${name}/${phase}`, value: middle, limit: limitMs, unit: 'ms' });
        }
      }
    } finally {
      await Promise.all(subjects.map(({ server }) => server.close()));
    }
    return { rows, checks };
  },
};

async function startSubjects(): Promise<readonly Subject[]> {
  const answer = () => 'one two three';
  const [chat, responses] = [await startOpenAI({ answer }), await startOpenAI({ answer })];
  const [messages, mixtral] = [await startAnthropic({ answer }), await startMistral({ answer })];
  return [
    {
      name: 'OpenAI Chat Completions',
      server: chat,
      model: openai('gpt-4.1', { baseUrl: chat.url, api: 'chat' }),
    },
    {
      name: 'OpenAI Responses',
      server: responses,
      model: openai('gpt-5.4', { baseUrl: responses.url, api: 'responses' }),
    },
    {
      name: 'Anthropic Messages',
      server: messages,
      model: anthropic('claude-opus-5', { baseUrl: messages.url }),
    },
    {
      name: 'Mistral Chat',
      server: mixtral,
      model: mistral('mistral-medium-3-5', { baseUrl: mixtral.url }),
    },
  ];
}

async function abortOne(model: ChatModel, server: Subject['server']): Promise<number> {
  const controller = new AbortController();
  const ended = model.generate(question, { signal: controller.signal }).catch((error: unknown) => error);
  await server.whenHeld();
  const start = performance.now();
  controller.abort();
  const error = await ended;
  const taken = performance.now() - start;
  if (!ModelError.isInstance(error) || error.kind !== 'aborted') throw error;
  return taken;
}
