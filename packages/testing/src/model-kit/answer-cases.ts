import { collectStream, messageText } from '@loci/core';
import { equal, failureOf, holds, like } from '../kit/assertions.js';
import { deepFreezeCopy } from '../kit/deep-freeze-copy.js';
import {
  ask,
  askWithTool,
  callsOf,
  deltasOf,
  errorOf,
  expectClosed,
  modelCase,
  read,
  responseOf,
  sceneCase,
} from './tools.js';

export const answerCases = [
  sceneCase('model/shape', 'text', 'a model is frozen and says what it is', async ({ model }) => {
    equal(model.specVersion, 1);
    holds(model.provider !== '' && model.modelId !== '', 'provider or modelId is empty');
    holds(Object.isFrozen(model), 'the model is not frozen');
    for (const known of Object.values(model.traits.features))
      holds(['yes', 'no', 'unknown'].includes(known), `a feature is “${known}”`);
    for (const size of [model.traits.contextWindow, model.traits.maxOutputTokens])
      holds(size === 'unknown' || size > 0, `a size is ${size}`);
  }),

  sceneCase(
    'answer/text',
    'text',
    'an answer is a message of the assistant with its reason to end',
    async (scene) => {
      const response = responseOf(await read(scene));
      like(response, { finishReason: 'stop', warnings: [] });
      equal([response.message.role, messageText(response.message)], ['assistant', 'one two three']);
      holds(response.message.id !== '' && response.message.createdAt >= 0, 'the message has no id or time');
      equal([response.model.provider, response.model.modelId], [scene.model.provider, scene.model.modelId]);
      equal(JSON.parse(JSON.stringify(response)), response, 'the response is not JSON');
      await expectClosed(scene);
    },
  ),

  modelCase('finish/once', 'exactly one `finish`, or one thrown `ModelError`.', async (stage) => {
    for (const scenario of ['text', 'tool-call', 'cut', 'malformed', 'server-error'] as const)
      await stage(scenario, async (scene) => {
        const { responses, error } = await read(scene, askWithTool);
        equal(responses.length + (error === undefined ? 0 : 1), 1);
      });
  }),

  modelCase('finish/last', 'nothing comes after `finish`', async (stage) => {
    for (const scenario of ['text', 'tool-call'] as const)
      await stage(scenario, async (scene) => {
        const { events } = await read(scene, askWithTool);
        equal(
          events.findIndex((event) => event.type === 'finish'),
          events.length - 1,
        );
      });
  }),

  sceneCase('generate/equal', 'text', '`generate` is equal to collecting `stream`', async ({ model }) => {
    const whole = await model.generate(ask);
    const collected = await collectStream(model.stream(ask));
    const plain = ({ message, finishReason, usage, warnings }: typeof whole) => ({
      content: message.content,
      finishReason,
      usage,
      warnings,
    });
    equal(plain(whole), plain(collected));
  }),

  modelCase('deltas/add-up', 'the deltas add up to the response', async (stage) => {
    await stage('text', async (scene) => {
      const played = await read(scene);
      const deltas = played.events.filter((event) => event.type === 'text-delta');
      holds(deltas.length > 1, 'the answer came in one piece');
      equal(deltasOf(played.events, 'text-delta'), messageText(responseOf(played).message));
    });
    await stage('tool-calls', async (scene) => {
      const played = await read(scene, askWithTool);
      const inputs = new Map<string, string>();
      for (const event of played.events)
        if (event.type === 'tool-call-delta')
          inputs.set(event.toolCallId, (inputs.get(event.toolCallId) ?? '') + event.inputText);
      equal(
        callsOf(responseOf(played).message).map(({ toolCallId, input }) => [toolCallId, input]),
        [...inputs].map(([id, text]) => [id, JSON.parse(text)]),
      );
    });
  }),

  modelCase(
    'deltas/part-index',
    'the index of a delta is that of its part in the response',
    async (stage) => {
      for (const scenario of ['reasoning', 'tool-calls'] as const)
        await stage(scenario, async (scene) => {
          const played = await read(scene, askWithTool);
          const { content } = responseOf(played).message;
          for (const event of played.events)
            if ('partIndex' in event)
              equal(
                `${content[event.partIndex]?.type}-delta`,
                event.type,
                `a delta of part ${event.partIndex}`,
              );
        });
    },
  ),

  modelCase('generate/failure', '`generate` fails as `stream` does', async (stage) => {
    for (const scenario of ['cut', 'malformed', 'server-error'] as const)
      await stage(scenario, async (scene) => {
        const streamed = errorOf(await read(scene));
        const error = await failureOf(scene.model.generate(ask));
        like(error, { kind: streamed.kind, scope: streamed.scope, retry: streamed.retry });
        equal(error.partial?.content, streamed.partial?.content);
        await expectClosed(scene);
      });
  }),

  sceneCase('answer/ids', 'text', 'each answer has an id of its own', async (scene) => {
    const ids = [responseOf(await read(scene)).message.id, responseOf(await read(scene)).message.id];
    holds(ids[0] !== ids[1], 'two answers have one id');
  }),

  sceneCase('tools/call', 'tool-call', 'a tool call has its name and its parsed input', async (scene) => {
    const response = responseOf(await read(scene, askWithTool));
    equal(response.finishReason, 'tool-calls');
    equal(
      callsOf(response.message).map(({ toolName, input }) => ({ toolName, input })),
      [{ toolName: 'weather', input: { city: 'Porto' } }],
    );
  }),

  sceneCase('tools/two', 'tool-calls', 'calls of one answer have ids of their own', async (scene) => {
    const calls = callsOf(responseOf(await read(scene, askWithTool)).message);
    equal(
      calls.map(({ input }) => input),
      [{ city: 'Porto' }, { city: 'Lima' }],
    );
    equal(new Set(calls.map(({ toolCallId }) => toolCallId)).size, 2);
  }),

  sceneCase(
    'reasoning/origin',
    'reasoning',
    'reasoning is a part of its own that says where it comes from',
    async (scene) => {
      const played = await read(scene);
      const { message } = responseOf(played);
      const reasoning = message.content.flatMap((part) => (part.type === 'reasoning' ? [part] : []));
      equal(reasoning.map(({ text }) => text).join(''), 'Let me see.');
      equal(deltasOf(played.events, 'reasoning-delta'), 'Let me see.');
      equal(messageText(message), 'one two three');
      for (const { origin } of reasoning)
        equal([origin.provider, origin.model], [scene.model.provider, scene.model.modelId]);
    },
  ),

  sceneCase(
    'finish/length',
    'length',
    'an answer that the maximum of tokens ended says so',
    async (scene) => {
      const response = responseOf(await read(scene));
      equal([response.finishReason, messageText(response.message)], ['length', 'one two three']);
    },
  ),

  sceneCase(
    'finish/content-filter',
    'content-filter',
    'an answer that a filter ended says so',
    async (scene) => {
      equal(responseOf(await read(scene)).finishReason, 'content-filter');
    },
  ),

  sceneCase(
    'warnings/unsupported',
    'text',
    'what cannot be honoured is a warning, not a failure',
    async (scene) => {
      holds(Object.keys(scene.unsupported).length > 0, 'say in `unsupported` what the model cannot honour');
      const { warnings } = responseOf(await read(scene, { ...ask, ...scene.unsupported }));
      holds(warnings.length > 0, 'there is no warning');
      for (const { code, message } of warnings) holds(code !== '' && message !== '', 'a warning is empty');
    },
  ),

  sceneCase('request/untouched', 'tool-call', 'the request of the caller is not changed', async (scene) => {
    const request = deepFreezeCopy(askWithTool);
    responseOf(await read(scene, request));
    equal(request, askWithTool);
  }),

  sceneCase('scope/not-sent', 'text', 'the scope of a call is never sent to a vendor', async (scene) => {
    const scope = { thread: ['SCOPE-thread'], turnId: 'SCOPE-turn', agentId: 'SCOPE-agent' };
    responseOf(await read(scene, ask, { scope }));
    holds(scene.received().includes('Count to three.'), '`received` does not tell what was sent');
    holds(!scene.received().includes('SCOPE-'), 'the scope was sent');
  }),
];
