import { type CallOptions, messageText } from '@loci/core';
import { equal, holds, like } from '../kit/assertions.js';
import type { Case } from '../kit/suite.js';
import { within } from '../kit/waiting.js';
import type { ModelScenario } from './scenarios.js';
import {
  ask,
  errorOf,
  expectClosed,
  modelCase,
  type Played,
  read,
  type Scene,
  type Stage,
  sceneCase,
} from './tools.js';

/** Something that is done while a stream is read; `ended` says whether the stream has ended. */
type Act = (ended: () => boolean) => Promise<void> | void;

/** Acts as soon as `moment` comes, and answers how the stream ended. */
async function actAt(
  scene: Scene,
  options: CallOptions,
  act: Act,
  moment: (firstEvent: Promise<void>) => Promise<void>,
): Promise<Played> {
  const first = Promise.withResolvers<void>();
  let ended = false;
  const reading = read(scene, ask, options, () => first.resolve()).finally(() => {
    ended = true;
  });
  await within(Promise.race([moment(first.promise), reading]), 'a vendor that holds back');
  await act(() => ended);
  return within(reading, 'the end of the stream');
}

/** Acts when the vendor holds back. */
const whileHeld = (scene: Scene, options: CallOptions, act: Act) =>
  actAt(scene, options, act, scene.whenHeld);

/** Acts when the first content has come. */
const whileStalled = (scene: Scene, options: CallOptions, act: Act) =>
  actAt(scene, options, act, (firstEvent) => firstEvent);

function abortCase(id: string, scenario: ModelScenario, title: string, hold: typeof whileHeld): Case<Stage> {
  return sceneCase(id, scenario, title, async (scene) => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const error = errorOf(await hold(scene, { signal: controller.signal }, () => controller.abort(reason)));
    like(error, { kind: 'aborted', retry: 'none' });
    holds(error.cause === reason, 'the cause is not the reason of the caller');
    if (scenario === 'stalled') equal(error.partial && messageText(error.partial), 'one ');
    await expectClosed(scene);
  });
}

function timeCase(
  id: string,
  scenario: ModelScenario,
  title: string,
  options: CallOptions['timeouts'],
  hold: typeof whileHeld,
): Case<Stage> {
  return sceneCase(id, scenario, title, async (scene) => {
    const error = errorOf(
      await hold(scene, { timeouts: options ?? {} }, async (ended) => {
        await scene.clock.advance(999);
        holds(!ended(), 'it ended too early');
        await scene.clock.advance(1);
      }),
    );
    like(error, { kind: 'timeout', scope: 'model', retry: 'other' });
    await expectClosed(scene);
  });
}

export const stopCases = [
  sceneCase('abort/before', 'text', 'a call that is aborted already is not made', async (scene) => {
    const error = errorOf(await read(scene, ask, { signal: AbortSignal.abort('no') }));
    like(error, { kind: 'aborted', cause: 'no' });
    equal(scene.requests(), 0);
  }),
  abortCase('abort/headers', 'silent', 'an abort before the headers ends the call', whileHeld),
  abortCase(
    'abort/first-content',
    'slow-first-content',
    'an abort before the first content ends the call',
    whileHeld,
  ),
  abortCase(
    'abort/stream',
    'stalled',
    'an abort amid the answer ends the call, with what had been received',
    whileStalled,
  ),

  sceneCase(
    'break/closes',
    'stalled',
    'leaving the loop early closes what the call opened',
    async (scene) => {
      const leave = async () => {
        for await (const event of scene.model.stream(ask)) if (event.type === 'text-delta') break;
      };
      await within(leave(), 'the end of the loop');
      await expectClosed(scene);
    },
  ),

  sceneCase('stream/lazy', 'text', 'a stream starts when it is iterated', async (scene) => {
    scene.model.stream(ask);
    await scene.clock.advance(1000);
    equal(scene.requests(), 0);
  }),

  timeCase('time/headers', 'silent', 'the wait for the headers is limited', { headersMs: 1000 }, whileHeld),
  timeCase(
    'time/first-content',
    'slow-first-content',
    'the wait for the first content is limited',
    { firstContentMs: 1000, headersMs: 5000 },
    whileHeld,
  ),
  timeCase(
    'time/idle',
    'stalled',
    'the wait between two events is limited',
    { idleMs: 1000, totalMs: 60_000 },
    whileStalled,
  ),
  timeCase(
    'time/total',
    'silent',
    'the time from the call to its end is limited',
    { totalMs: 1000, headersMs: 5000 },
    whileHeld,
  ),

  timeCase(
    'time/first-content-alone',
    'slow-first-content',
    'before the first content no limit between events counts',
    { firstContentMs: 1000, headersMs: 5000, idleMs: 100 },
    whileHeld,
  ),
  timeCase(
    'time/idle-alone',
    'stalled',
    'after the first content no limit for it counts',
    { idleMs: 1000, headersMs: 100, firstContentMs: 100 },
    whileStalled,
  ),

  sceneCase('time/deadline', 'silent', 'the call ends at its deadline', async (scene) => {
    const deadlineAt = scene.clock.now() + 1000;
    const error = errorOf(await whileHeld(scene, { deadlineAt }, () => scene.clock.advance(1000)));
    like(error, { kind: 'deadline', retry: 'none' });
    await expectClosed(scene);
  }),

  modelCase('time/deadline-passed', 'a call whose deadline has passed is not made', (stage) =>
    stage('text', async (scene) => {
      const error = errorOf(await read(scene, ask, { deadlineAt: scene.clock.now() - 1 }));
      equal(error.kind, 'deadline');
      equal(scene.requests(), 0);
    }),
  ),

  sceneCase(
    'time/consumer',
    'text',
    'a consumer may take its time: only the vendor is timed between two events',
    async (scene) => {
      let finished = false;
      for await (const event of scene.model.stream(ask, { timeouts: { idleMs: 1000 } })) {
        await scene.clock.advance(5000);
        finished ||= event.type === 'finish';
      }
      holds(finished, 'the stream did not finish');
    },
  ),
];
