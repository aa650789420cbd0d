import { type ErrorKind, type ModelErrorData, messageText } from '@loci/core';
import { equal, holds, like } from '../kit/assertions.js';
import type { Case } from '../kit/suite.js';
import type { ModelScenario } from './scenarios.js';
import { askWithTool, callsOf, errorOf, expectClosed, modelCase, read, type Stage } from './tools.js';

interface Failure {
  readonly title: string;
  readonly kinds: readonly ErrorKind[];
  readonly data?: Partial<ModelErrorData>;
  /** The text that had been received. */
  readonly partial?: string;
}

/** What must become of each scenario that is no answer. */
const failures: Partial<Record<ModelScenario, Failure>> = {
  cut: {
    title: 'an answer without the vendor’s own end marker is `truncated`, never a success.',
    kinds: ['truncated'],
    partial: 'one ',
  },
  'cut-tool-call': { title: 'a tool call that was cut is no tool call', kinds: ['truncated'] },
  reset: {
    title: 'a lost connection is no answer',
    kinds: ['connection', 'truncated'],
    partial: 'one ',
  },
  empty: { title: 'an empty answer is no answer', kinds: ['truncated', 'malformed', 'server'] },
  malformed: {
    title: 'an answer that breaks the protocol is no answer',
    kinds: ['malformed'],
    partial: 'one ',
  },
  'malformed-tool-call': { title: 'a call with input that is not JSON is no answer', kinds: ['malformed'] },
  'error-in-stream': {
    title: 'a failure that the vendor reports inside its answer is a failure',
    kinds: ['server', 'overloaded'],
    partial: 'one ',
  },
  'rate-limit': {
    title: 'a rate limit says when a retry can help',
    kinds: ['rate-limit'],
    data: { retry: 'same', retryAfterMs: 2000, status: 429 },
  },
  quota: {
    title: 'where nothing is left to pay with, another credential can help',
    kinds: ['quota'],
    data: { scope: 'credential', retry: 'other' },
  },
  'server-error': {
    title: 'a failure of the vendor can be retried',
    kinds: ['server'],
    data: { status: 500, retry: 'same' },
  },
  overloaded: {
    title: 'an overloaded vendor can be retried',
    kinds: ['overloaded'],
    data: { retry: 'same' },
  },
  unauthorized: {
    title: 'a refused key concerns the credential',
    kinds: ['auth'],
    data: { scope: 'credential', retry: 'other' },
  },
  'context-length': {
    title: 'a prompt longer than the window concerns this request only',
    kinds: ['context-length'],
    data: { scope: 'request' },
  },
  refused: {
    title: 'what a safety system refuses concerns this request only',
    kinds: ['content-filter'],
    data: { scope: 'request' },
  },
};

/** The scenarios that are no answer. */
export const failing = Object.keys(failures) as readonly ModelScenario[];

function failureCase(scenario: ModelScenario, { title, kinds, data = {}, partial }: Failure): Case<Stage> {
  return modelCase(`failures/${scenario}`, title, (stage) =>
    stage(scenario, async (scene) => {
      const error = errorOf(await read(scene, askWithTool));
      holds(kinds.includes(error.kind), `the kind is “${error.kind}”: ${error.message}`);
      like(error, data);
      if (partial !== undefined) equal(error.partial && messageText(error.partial), partial);
      equal(scene.requests(), 1);
      await expectClosed(scene);
    }),
  );
}

export const failureCases = [
  ...failing.flatMap((scenario) => {
    const failure = failures[scenario];
    return failure ? [failureCase(scenario, failure)] : [];
  }),

  modelCase(
    'partial/kept',
    'what had been received is on the error whenever content had been emitted',
    async (stage) => {
      for (const scenario of ['cut', 'malformed', 'cut-tool-call'] as const)
        await stage(scenario, async (scene) => {
          const played = await read(scene, askWithTool);
          const hasContent = played.events.length > 0;
          equal(
            errorOf(played).partial !== undefined,
            hasContent,
            `${scenario}: partial and content do not agree`,
          );
        });
      await stage('server-error', async (scene) => {
        equal('partial' in errorOf(await read(scene)), false);
      });
    },
  ),

  modelCase('partial/no-call', 'never holds a runnable tool call.', async (stage) => {
    for (const scenario of ['cut-tool-call', 'malformed-tool-call', 'cut'] as const)
      await stage(scenario, async (scene) => {
        const { partial } = errorOf(await read(scene, askWithTool));
        equal(partial ? callsOf(partial) : [], []);
      });
  }),

  modelCase(
    'restart/accepted',
    'an implementation never emits `restart` unless it is named here.',
    async (stage) => {
      for (const scenario of ['text', 'cut', 'server-error', 'rate-limit'] as const)
        await stage(scenario, async (scene) => {
          const { events } = await read(scene);
          holds(!events.some((event) => event.type === 'restart'), `${scenario}: it restarted`);
        });
    },
  ),

  modelCase('retries/none', 'no retries inside.', async (stage) => {
    for (const scenario of ['server-error', 'rate-limit', 'cut'] as const)
      await stage(scenario, async (scene) => {
        errorOf(await read(scene));
        await scene.clock.advance(10_000);
        equal(scene.requests(), 1);
      });
  }),
];
