import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createMessage, messageText } from '@loci/core';
import { equal, holds, like } from '../kit/assertions.js';
import { until, within } from '../kit/waiting.js';
import {
  ask,
  askWithTool,
  errorOf,
  expectClosed,
  hasText,
  modelCase,
  type Played,
  read,
  responseOf,
  type Scene,
  sceneCase,
} from './tools.js';

/** Needs no flag on the command line: the flag is set for the script that finds the function. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  holds(typeof collect === 'function', 'there is no garbage collector to be called');
  collect();
}

/** Reads one call up to its first event, then waits for the end. */
function begin(scene: Scene, signal: AbortSignal, onFirst = () => {}) {
  const first = Promise.withResolvers<void>();
  const end = read(scene, ask, { signal }, () => {
    onFirst();
    first.resolve();
  });
  return { first: within(first.promise, 'the first event'), end };
}

/** The events of a call that succeeds. */
function eventsOf(played: Played): Played['events'] {
  responseOf(played);
  return played.events;
}

/** What a call holds on to, and what calls do to each other. */
export const callCases = [
  sceneCase(
    'abort/collected',
    'stalled',
    'an abort ends the call also after a garbage collection',
    async (scene) => {
      const controller = new AbortController();
      const { end } = begin(scene, controller.signal, () => {
        collectGarbage();
        controller.abort();
      });
      equal(errorOf(await within(end, 'the end of the stream')).kind, 'aborted');
      await expectClosed(scene);
    },
  ),

  sceneCase('abort/any-event', 'text', 'an abort ends the call at any event', async (scene) => {
    const { length } = eventsOf(await read(scene));
    for (let at = 0; at < length - 1; at++) {
      const controller = new AbortController();
      let seen = 0;
      const played = await within(
        read(scene, ask, { signal: controller.signal }, () => {
          if (seen++ === at) controller.abort();
        }),
        'the end of the stream',
      );
      equal(errorOf(played).kind, 'aborted', `after ${at + 1} events`);
      await expectClosed(scene);
    }
  }),

  modelCase('break/any-event', 'leaving the loop closes the call at any event', async (stage) => {
    for (const scenario of ['reasoning', 'tool-calls'] as const)
      await stage(scenario, async (scene) => {
        const { length } = eventsOf(await read(scene, askWithTool));
        for (let at = 0; at < length; at++) {
          let seen = 0;
          const leave = async () => {
            for await (const _ of scene.model.stream(askWithTool)) if (seen++ === at) break;
          };
          await within(leave(), 'the end of the loop');
          await expectClosed(scene);
        }
      });
  }),

  modelCase('signal/released', 'no listener stays on the signal of the caller', async (stage) => {
    for (const scenario of ['text', 'cut', 'server-error'] as const)
      await stage(scenario, async (scene) => {
        const { signal } = new AbortController();
        await read(scene, ask, { signal });
        equal(getEventListeners(signal, 'abort').length, 0, `${scenario}: a listener was left`);
      });
    await stage('stalled', async (scene) => {
      const { signal } = new AbortController();
      for await (const _ of scene.model.stream(ask, { signal })) break;
      equal(getEventListeners(signal, 'abort').length, 0, 'a listener was left when the loop was');
    });
  }),

  sceneCase('calls/together', 'text', 'calls at the same time do not mix', async (scene) => {
    const words = ['ALPHA', 'BRAVO', 'CHARLIE', 'DELTA', 'ECHO', 'FOXTROT', 'GOLF', 'HOTEL'];
    const answers = await Promise.all(
      words.map((word) => read(scene, { messages: [createMessage({ role: 'user', content: word })] })),
    );
    const messages = answers.map((played) => responseOf(played).message);
    for (const message of messages) equal(messageText(message), 'one two three');
    equal(new Set(messages.map(({ id }) => id)).size, words.length, 'two answers have one id');
    const counts = words.map((word) => scene.bodies().filter((body) => hasText(body, word)).length);
    equal(
      counts,
      words.map(() => 1),
    );
    await expectClosed(scene);
  }),

  sceneCase('calls/apart', 'stalled', 'the end of one call is not that of another', async (scene) => {
    const [one, other] = [new AbortController(), new AbortController()];
    const calls = [begin(scene, one.signal), begin(scene, other.signal)] as const;
    await Promise.all(calls.map(({ first }) => first));
    one.abort('one');
    like(errorOf(await within(calls[0].end, 'the end of one call')), { kind: 'aborted', cause: 'one' });
    await until(scene.clock, () => scene.openConnections() < 2, 'the end of its connection');
    equal(scene.openConnections(), 1, 'the other call ended, too');
    other.abort('other');
    like(errorOf(await within(calls[1].end, 'the end of the other')), { kind: 'aborted', cause: 'other' });
    await expectClosed(scene);
  }),
];
