import { ModelError } from '@loci/core';
import { anthropic } from '@loci/providers-anthropic';
import { createTestClock, scriptedModel } from '@loci/testing';
import type { AnthropicServer, MessagesBody } from '@loci/testing/anthropic';
import { generateText, isStepCount, Output, streamText, tool } from 'ai';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ToAiSdkSettings, toAiSdk } from '../src/to.js';
import { blocksOf, bodyOf, key, start } from './harness.js';

beforeAll(() => {
  // The AI SDK writes warnings to the console.
  Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });
});

const bridged = (server: AnthropicServer, settings: ToAiSdkSettings = {}) =>
  toAiSdk(anthropic('claude-opus-5', { baseUrl: server.url, apiKey: key }), settings);

const tools = {
  weather: tool({
    description: 'The weather of a city.',
    inputSchema: z.object({ city: z.string() }),
    execute: ({ city }) => (city === 'Lima' ? Promise.reject(new Error('no data')) : `19 °C in ${city}`),
  }),
};

/** Thinks and calls until it has results, then thinks and answers with them. */
function agentAnswer({ messages }: MessagesBody) {
  const content = messages.at(-1)?.content ?? [];
  const results = (typeof content === 'string' ? [] : content).filter(({ type }) => type === 'tool_result');
  return results.length > 0
    ? { thinking: 'I know.', text: results.map((block) => String(block.content)).join('; ') }
    : {
        thinking: 'Let me look.',
        toolCalls: ['Porto', 'Lima'].map((city) => ({ name: 'weather', input: { city } })),
        cacheRead: 2,
        thinkingTokens: 3,
      };
}

describe('generateText with toAiSdk', () => {
  it('runs tools over several steps, and gives reasoning back to the model that it is of', async () => {
    const server = await start({ answer: agentAnswer });
    const result = await generateText({
      model: bridged(server),
      tools,
      stopWhen: isStepCount(5),
      reasoning: 'low',
      instructions: 'Be brief.',
      prompt: 'How is the weather in Porto and Lima?',
    });
    expect(result.text).toBe('19 °C in Porto; Error: no data');
    expect(result.steps).toHaveLength(2);
    expect(server.requests.map(({ rejected }) => rejected)).toEqual([undefined, undefined]);
    expect(server.requests[1]?.body).toMatchObject({ system: [{ text: 'Be brief.' }] });
    // The judge refuses a signature that is not its own.
    const [thinking, ...calls] = blocksOf(bodyOf(server, 1), 1);
    expect(thinking).toMatchObject({ type: 'thinking', thinking: 'Let me look.' });
    const ids = calls.map(({ id }) => id);
    expect(result.steps[0]?.toolCalls.map(({ toolCallId }) => toolCallId)).toEqual(ids);
    expect(blocksOf(bodyOf(server, 1), 2)).toMatchObject([
      { type: 'tool_result', tool_use_id: ids[0] },
      { type: 'tool_result', tool_use_id: ids[1], is_error: true },
    ]);
  });

  it('has usage in the convention of the AI SDK, and who answered', async () => {
    const server = await start({ answer: () => ({ text: 'Yes.', cacheRead: 5, thinkingTokens: 1 }) });
    const { usage, finishReason, response, finalStep } = await generateText({
      model: bridged(server),
      prompt: 'Is it?',
    });
    expect(finishReason).toBe('stop');
    expect(usage.inputTokenDetails).toMatchObject({ cacheReadTokens: 5, cacheWriteTokens: 0 });
    expect(usage.inputTokens).toBe((usage.inputTokenDetails.noCacheTokens ?? 0) + 5);
    expect(usage.outputTokenDetails.reasoningTokens).toBe(1);
    expect(response.modelId).toBe('claude-opus-5');
    expect(finalStep.providerMetadata).toMatchObject({
      loci: { model: { provider: 'anthropic', requestId: 'req_000000000001' } },
    });
  });

  it('gives structured output', async () => {
    const server = await start({ answer: () => '{"city":"Porto","degrees":19}' });
    const schema = z.object({ city: z.string(), degrees: z.number() });
    const { output } = await generateText({
      model: bridged(server),
      output: Output.object({ schema }),
      prompt: 'The weather of Porto, please.',
    });
    expect(output).toEqual({ city: 'Porto', degrees: 19 });
    expect(bodyOf(server).output_config?.format).toMatchObject({
      type: 'json_schema',
      schema: { properties: { city: { type: 'string' }, degrees: { type: 'number' } } },
    });
  });

  it('sends images and files', async () => {
    const server = await start({ answer: () => 'A dot.' });
    await generateText({
      model: bridged(server),
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'file', mediaType: 'image', data: new URL('https://example.com/a.png') },
            { type: 'file', mediaType: 'application/pdf', data: 'JVBERi0xLjQK', filename: 'a.pdf' },
          ],
        },
      ],
    });
    expect(blocksOf(bodyOf(server), 0).slice(1)).toMatchObject([
      { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
      { type: 'document', source: { type: 'base64', data: 'JVBERi0xLjQK' }, title: 'a.pdf' },
    ]);
  });

  it('retries where the model says that it helps, and shows the failure of the model where not', async () => {
    const busy = scriptedModel([
      { error: { kind: 'rate-limit', scope: 'model', retry: 'same', retryAfterMs: 5 } },
      'At last.',
    ]);
    const { text } = await generateText({ model: toAiSdk(busy), prompt: 'Hello?', maxRetries: 1 });
    expect(text).toBe('At last.');
    expect(busy.requests).toHaveLength(2);

    const server = await start();
    server.setFault('unauthorized', { times: 5 });
    const error: unknown = await generateText({ model: bridged(server), prompt: 'Hello?' }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ name: 'AI_APICallError', statusCode: 401, isRetryable: false });
    expect((error as Error).cause).toSatisfy(ModelError.isInstance);
    expect(server.requests).toHaveLength(1);
  });

  it('names what a model of Loci cannot be asked for', async () => {
    const model = toAiSdk(scriptedModel(['Yes.']));
    const { warnings } = await generateText({
      model,
      prompt: 'Is it?',
      topP: 0.5,
      stopSequences: ['x'],
      reasoning: 'xhigh',
      providerOptions: { anthropic: { effort: 'low' } },
    });
    expect(warnings?.map((warning) => warning.type === 'unsupported' && warning.feature)).toEqual([
      'topP',
      'stopSequences',
      'reasoning',
      'providerOptions',
    ]);
  });

  it('takes vendor settings and cache hints from provider options', async () => {
    const model = scriptedModel([{ toolCalls: [{ toolName: 'weather', input: { city: 'Porto' } }] }]);
    const vendor = { anthropic: { service_tier: 'auto' } };
    const cache = { affinityKey: 'a', prefixEnds: [] };
    await generateText({
      model: toAiSdk(model),
      prompt: 'Is it?',
      maxOutputTokens: 10,
      temperature: 0,
      tools,
      toolChoice: { type: 'tool', toolName: 'weather' },
      providerOptions: { loci: { vendor, cache } },
    });
    expect(model.requests).toMatchObject([
      { vendor, cache, maxOutputTokens: 10, temperature: 0, toolChoice: { toolName: 'weather' } },
    ]);
  });

  it('is aborted as the AI SDK expects it', async () => {
    const server = await start();
    server.setFault('silent');
    const controller = new AbortController();
    const outcome = generateText({
      model: bridged(server),
      prompt: 'Hello?',
      abortSignal: controller.signal,
    }).catch((error: unknown) => error);
    await server.whenHeld();
    controller.abort(new Error('enough'));
    expect(await outcome).toMatchObject({ name: 'AbortError', cause: { message: 'enough' } });
    expect(await server.requests[0]?.closedByClient).toBe(true);
  });

  it('keeps the time-outs that it was given', async () => {
    const server = await start();
    server.setFault('silent');
    const clock = createTestClock();
    const slow = anthropic('claude-opus-5', { baseUrl: server.url, apiKey: key, clock });
    const outcome = generateText({
      model: toAiSdk(slow, { timeouts: { totalMs: 500 } }),
      prompt: 'Hello?',
    }).catch((error: unknown) => error);
    await server.whenHeld();
    await clock.advance(500);
    expect(await outcome).toMatchObject({ isRetryable: false, data: { kind: 'timeout' } });
  });
});

describe('streamText with toAiSdk', () => {
  it('streams text, reasoning and tools over several steps', async () => {
    const server = await start({ answer: agentAnswer });
    const result = streamText({
      model: bridged(server),
      tools,
      stopWhen: isStepCount(5),
      reasoning: 'low',
      prompt: 'How is the weather in Porto and Lima?',
    });
    const types: string[] = [];
    for await (const { type } of result.stream) if (types.at(-1) !== type) types.push(type);
    expect(await result.text).toBe('19 °C in Porto; Error: no data');
    expect(server.requests.map(({ rejected }) => rejected)).toEqual([undefined, undefined]);
    expect(blocksOf(bodyOf(server, 1), 1)[0]).toMatchObject({ type: 'thinking' });
    expect(types).toContain('tool-input-delta');
    expect(types.indexOf('tool-call')).toBeGreaterThan(types.lastIndexOf('tool-input-delta'));
  });

  it('streams structured output', async () => {
    const server = await start({ answer: () => '{"city":"Porto"}' });
    const result = streamText({
      model: bridged(server),
      output: Output.object({ schema: z.object({ city: z.string() }) }),
      prompt: 'A city.',
    });
    expect(await result.output).toEqual({ city: 'Porto' });
  });

  it('fails where the answer is cut, with what came before, and never ends as a success', async () => {
    const server = await start({ answer: () => 'one two three' });
    server.setFault('cut');
    const errors: unknown[] = [];
    const result = streamText({
      model: bridged(server),
      prompt: 'Count.',
      onError: ({ error }) => {
        errors.push(error);
      },
    });
    const seen: string[] = [];
    for await (const part of result.stream) {
      if (part.type === 'text-delta') seen.push(part.text);
      if (part.type === 'finish') seen.push(part.finishReason);
    }
    expect(seen.join('')).not.toContain('stop');
    expect(seen.join('')).toContain('one ');
    expect(errors).toMatchObject([{ data: { kind: 'truncated' }, cause: { kind: 'truncated' } }]);
  });

  it('retries a call that fails before its first word', async () => {
    const busy = scriptedModel([
      { error: { kind: 'overloaded', scope: 'provider', retry: 'same', retryAfterMs: 5 } },
      'At last.',
    ]);
    const result = streamText({ model: toAiSdk(busy), prompt: 'Hello?', maxRetries: 1 });
    expect(await result.text).toBe('At last.');
    expect(busy.requests).toHaveLength(2);
  });

  it('is aborted amid the answer, and ends the call', async () => {
    const server = await start({ answer: () => 'one two three' });
    server.setFault('stall');
    const controller = new AbortController();
    const result = streamText({
      model: bridged(server),
      prompt: 'Count.',
      abortSignal: controller.signal,
    });
    const types: string[] = [];
    for await (const part of result.stream) {
      types.push(part.type);
      if (part.type === 'text-delta') controller.abort();
    }
    expect(types.at(-1)).toBe('abort');
    expect(await server.requests[0]?.closedByClient).toBe(true);
  });
});
