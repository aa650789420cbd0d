import { inspect } from 'node:util';
import {
  type CallOptions,
  type ChatEvent,
  type ChatRequest,
  type ChatResponse,
  createMessage,
  type Feature,
  type Message,
  ModelError,
} from '@loci/core';
import { equal, holds } from '../kit/assertions.js';
import type { Case } from '../kit/suite.js';
import { until } from '../kit/waiting.js';
import type { TestClock } from '../test-clock.js';
import type { ModelScenario, ModelSubject } from './scenarios.js';

export interface Scene extends ModelSubject {
  readonly clock: TestClock;
}

/** Sets a scene, plays on it and clears it away. */
export type Stage = (scenario: ModelScenario, play: (scene: Scene) => Promise<void>) => Promise<void>;

export function modelCase(id: string, title: string, run: (stage: Stage) => Promise<void>): Case<Stage> {
  return { id, title, run };
}

/** A case on one scene. */
export function sceneCase(
  id: string,
  scenario: ModelScenario,
  title: string,
  play: (scene: Scene) => Promise<void>,
): Case<Stage> {
  return modelCase(id, title, (stage) => stage(scenario, play));
}

export const ask: ChatRequest = {
  messages: [createMessage({ id: 'question', role: 'user', content: 'Count to three.', createdAt: 1 })],
};
export const askWithTool: ChatRequest = {
  ...ask,
  tools: [
    {
      name: 'weather',
      description: 'The weather of a city.',
      inputSchema: {
        type: 'object',
        properties: { city: { type: 'string' } },
        required: ['city'],
        additionalProperties: false,
      },
    },
  ],
};

export interface Played {
  readonly events: readonly ChatEvent[];
  readonly responses: readonly ChatResponse[];
  /** What the stream threw. */
  readonly error: unknown;
}

/** Reads a stream to its end, whatever that is. */
export async function read(
  { model }: ModelSubject,
  request: ChatRequest = ask,
  options: CallOptions = {},
  onEvent: (event: ChatEvent) => void = () => {},
): Promise<Played> {
  const events: ChatEvent[] = [];
  let error: unknown;
  try {
    for await (const event of model.stream(request, options)) {
      events.push(event);
      onEvent(event);
    }
  } catch (thrown) {
    error = thrown;
  }
  const responses = events.flatMap((event) => (event.type === 'finish' ? [event.response] : []));
  return { events, responses, error };
}

/** The one response of a stream that succeeds. */
export function responseOf({ responses, error }: Played): ChatResponse {
  holds(error === undefined, `the call failed: ${inspect(error)}`);
  const [response] = responses;
  holds(response && responses.length === 1, `there are ${responses.length} finishes`);
  return response;
}

/** The one `ModelError` of a stream that fails. */
export function errorOf({ responses, error }: Played): ModelError {
  holds(responses.length === 0, 'the stream finished, and so the call is a success');
  holds(ModelError.isInstance(error), `expected a ModelError and got ${inspect(error)}`);
  return error;
}

export interface Sent {
  readonly response: ChatResponse;
  /** What the vendor was sent, as text. */
  readonly body: string;
}

/** One call that succeeds, with what it sent. */
export async function send(
  scene: Scene,
  request: ChatRequest = ask,
  options: CallOptions = {},
): Promise<Sent> {
  const before = scene.bodies().length;
  const response = responseOf(await read(scene, request, options));
  const body = scene.bodies().slice(before).join('\n');
  holds(body !== '', '`bodies` does not tell what was sent');
  return { response, body };
}

/** Whether a text is in a body, in whatever depth of JSON inside JSON. */
export function hasText(body: string, text: string): boolean {
  const flat = (json: string) => json.replaceAll('\\', '');
  return flat(body).includes(flat(JSON.stringify(text).slice(1, -1)));
}

/** What was asked for is in the body, or there is a warning. Where the model is known not to take it, only a warning will do. */
export function expectHonoured(
  { model }: Scene,
  { body, response: { warnings } }: Sent,
  texts: readonly string[],
  feature: Feature,
): void {
  const missing = texts.filter((text) => !hasText(body, text));
  const warned = warnings.length > 0;
  holds(warned || missing.length === 0, `neither sent nor in a warning: ${missing.join()}`);
  holds(warned || model.traits.features[feature] !== 'no', `there is no ${feature}, and no warning`);
}

/** The text of all deltas of one type. */
export function deltasOf(events: readonly ChatEvent[], type: 'text-delta' | 'reasoning-delta'): string {
  return events.flatMap((event) => (event.type === type ? [event.text] : [])).join('');
}

export function callsOf(message: Message) {
  return message.content.flatMap((part) => (part.type === 'tool-call' ? [part] : []));
}

/** The vendor has nothing left to answer, and the model nothing to wait for. */
export async function expectClosed({ openConnections, clock }: Scene): Promise<void> {
  await until(clock, () => openConnections() === 0, 'the end of every connection');
  equal(clock.pending(), [], 'a timer was left behind');
}

/** Everything that a log or a debugger could show of a value. */
export function everything(value: unknown): string {
  const seen = inspect(value, {
    depth: Number.POSITIVE_INFINITY,
    showHidden: true,
    getters: true,
    maxStringLength: null,
    maxArrayLength: null,
  });
  const stack = value instanceof Error ? `${value.stack} ${value} ${everything(value.cause)}` : '';
  return `${seen} ${stack} ${JSON.stringify(value)}`;
}
