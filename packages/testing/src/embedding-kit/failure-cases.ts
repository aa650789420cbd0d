import type { EmbedOptions, ModelErrorData } from '@loci/core';
import { equal, holds, like } from '../kit/assertions.js';
import { within } from '../kit/waiting.js';
import { everything } from '../model-kit/tools.js';
import type { EmbeddingScenario } from './scenarios.js';
import { type EmbeddingScene, embeddingCase, errorOf, expectClosed } from './tools.js';

const failure = (id: string, scenario: EmbeddingScenario, title: string, expected: Partial<ModelErrorData>) =>
  embeddingCase(`error/${id}`, scenario, title, async (scene) => {
    like(await errorOf(scene), expected);
    await expectClosed(scene);
  });

/** How a call of a silent vendor fails after something was done. */
async function heldError(scene: EmbeddingScene, options: EmbedOptions, act: () => Promise<void> | void) {
  const failed = errorOf(scene, options);
  await within(Promise.race([scene.whenHeld(), failed]), 'a vendor that holds back');
  await act();
  const error = await within(failed, 'the end of the call');
  await expectClosed(scene);
  return error;
}

const timeCase = (
  id: string,
  title: string,
  options: (now: number) => EmbedOptions,
  expected: Partial<ModelErrorData>,
) =>
  embeddingCase(`time/${id}`, 'silent', title, async (scene) => {
    like(await heldError(scene, options(scene.clock.now()), () => scene.clock.advance(1000)), expected);
  });

export const failureCases = [
  failure('rate-limit', 'rate-limit', 'a limit of rate says how long to wait', {
    kind: 'rate-limit',
    retryAfterMs: 2000,
    status: 429,
  }),
  failure('server', 'server-error', 'a failure of the vendor is `server`', { kind: 'server', status: 500 }),
  failure('auth', 'unauthorized', 'a refused key is `auth`', { kind: 'auth', scope: 'credential' }),
  failure('connection', 'reset', 'a lost connection is `connection`', { kind: 'connection' }),
  embeddingCase('error/page', 'page', 'a page is no success', async (scene) => {
    const { kind } = await errorOf(scene);
    holds(kind === 'server' || kind === 'malformed', `a page is ${kind}`);
  }),
  embeddingCase('retry/none', 'server-error', 'a call is not repeated', async (scene) => {
    await errorOf(scene);
    equal(scene.requests(), 1);
  }),
  embeddingCase('secret/error', 'echoed-key', 'the key appears in no error', async (scene) => {
    const error = await errorOf(scene);
    holds(!everything(error).includes(scene.secret), 'the error shows the key');
  }),
  embeddingCase('secret/model', 'vectors', 'the key appears in no inspection of the model', async (scene) => {
    await scene.model.embed(['apple']);
    holds(!everything(scene.model).includes(scene.secret), 'the model shows the key');
  }),
  embeddingCase('abort/before', 'vectors', 'a call that is aborted already is not made', async (scene) => {
    const error = await errorOf(scene, { signal: AbortSignal.abort('no') });
    like(error, { kind: 'aborted', cause: 'no' });
    equal(scene.requests(), 0);
  }),
  embeddingCase('abort/headers', 'silent', 'an abort ends the call', async (scene) => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const error = await heldError(scene, { signal: controller.signal }, () => controller.abort(reason));
    like(error, { kind: 'aborted', retry: 'none' });
    holds(error.cause === reason, 'the cause is not the reason of the caller');
  }),
  timeCase('headers', 'the wait for the headers is limited', () => ({ timeouts: { headersMs: 1000 } }), {
    kind: 'timeout',
    scope: 'model',
    retry: 'other',
  }),
  timeCase(
    'total',
    'the time from the call to its end is limited',
    () => ({ timeouts: { totalMs: 1000, headersMs: 5000 } }),
    { kind: 'timeout', scope: 'model', retry: 'other' },
  ),
  timeCase('deadline', 'the call ends at its deadline', (now) => ({ deadlineAt: now + 1000 }), {
    kind: 'deadline',
    retry: 'none',
  }),
  embeddingCase(
    'time/deadline-passed',
    'vectors',
    'a call whose deadline has passed is not made',
    async (scene) => {
      like(await errorOf(scene, { deadlineAt: scene.clock.now() - 1 }), { kind: 'deadline' });
      equal(scene.requests(), 0);
    },
  ),
];
