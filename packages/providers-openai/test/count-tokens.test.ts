import { createTestClock } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { countTokens } from '../src/count-tokens.js';
import { ask, failureOf, key, start } from './harness.js';

describe('countTokens', () => {
  it('asks the vendor, with the prompt alone', async () => {
    const server = await start();
    const settings = { baseUrl: server.url, apiKey: key };
    const request = {
      ...ask('How long am I?'),
      tools: [{ name: 't', description: 'd', inputSchema: {} }],
      reasoning: { effort: 'low' as const },
    };
    const count = await countTokens('gpt-5.4', request, settings);
    expect(count).toBeGreaterThan(await countTokens('gpt-5.4', ask('How long am I?'), settings));
    expect(server.requests.map(({ path, rejected }) => [path, rejected])).toEqual([
      ['/v1/responses/input_tokens', undefined],
      ['/v1/responses/input_tokens', undefined],
    ]);
  });

  it('fails as a model does: kind, wait, time and abort', async () => {
    const clock = createTestClock();
    const server = await start();
    const count = (signal?: AbortSignal) =>
      countTokens(
        'gpt-5.4',
        ask('hi'),
        { baseUrl: server.url, apiKey: key, clock },
        { timeouts: { headersMs: 1000 }, ...(signal && { signal }) },
      );
    server.setFault('rate-limit');
    expect(await failureOf(count())).toMatchObject({ kind: 'rate-limit', retryAfterMs: 2000 });
    server.setFault('silent');
    const failed = failureOf(count());
    await server.whenHeld();
    await clock.advance(1000);
    expect(await failed).toMatchObject({ kind: 'timeout' });
    expect(await failureOf(count(AbortSignal.abort('no')))).toMatchObject({ kind: 'aborted', cause: 'no' });
    server.setFault('html');
    expect(await failureOf(count())).toMatchObject({ kind: 'server', status: 200 });
    expect(clock.pending()).toEqual([]);
  });
});
