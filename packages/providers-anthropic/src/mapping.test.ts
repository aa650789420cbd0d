import { createWarnings } from '@loci/core/conversation';
import { createScrub, resolveEndpoint } from '@loci/core/provider';
import { describe, expect, it } from 'vitest';
import { mapStopReason } from './map-stop-reason.js';
import { mapUsage } from './map-usage.js';
import { vendor } from './settings.js';
import { toInputSchema, toOutputSchema } from './to-schema.js';
import { toAnthropicTools } from './to-tools.js';
import { traitsOf } from './traits.js';

describe('mapStopReason', () => {
  it('maps what the vendor says, and takes everything else for other', () => {
    const said = [
      'end_turn',
      'stop_sequence',
      'max_tokens',
      'tool_use',
      'pause_turn',
      'refusal',
      'model_context_window_exceeded',
      'compaction',
      'toString',
    ];
    expect(said.map(mapStopReason)).toEqual([
      'stop',
      'stop',
      'length',
      'tool-calls',
      'paused',
      'content-filter',
      'context-window',
      'other',
      'other',
    ]);
  });
});

describe('mapUsage', () => {
  it('agrees with a table that was computed by hand', () => {
    const usage = (
      uncached: number,
      read: number | null,
      written: number | null,
      output: number,
      thought?: number,
    ) => ({
      input_tokens: uncached,
      cache_read_input_tokens: read,
      cache_creation_input_tokens: written,
      output_tokens: output,
      output_tokens_details: thought === undefined ? null : { thinking_tokens: thought },
    });
    const table = [
      [usage(100, 0, 0, 20), [100, 0, 0, 20, 0]],
      [usage(100, null, null, 20), [100, 0, 0, 20, 0]],
      [usage(10, 80, 0, 20, 15), [90, 80, 0, 20, 15]],
      [usage(10, 0, 80, 20), [90, 0, 80, 20, 0]],
      [usage(3, 2000, 500, 1, 0), [2503, 2000, 500, 1, 0]],
      [usage(0, 5, 5, 0), [10, 5, 5, 0, 0]],
    ] as const;
    for (const [given, [input, cacheRead, cacheWrite, output, reasoning]] of table)
      expect(mapUsage(given)).toEqual({ input, cacheRead, cacheWrite, output, reasoning });
  });

  it('invents nothing', () => {
    const none = [
      undefined,
      null,
      {},
      { input_tokens: 1 },
      { input_tokens: 'many', output_tokens: 1 },
      'none',
    ];
    expect(none.map(mapUsage)).toEqual(none.map(() => null));
  });
});

describe('traitsOf', () => {
  it('knows dated snapshots of known models, and nothing about others', () => {
    expect(traitsOf('claude-haiku-4-5-20251001')).toMatchObject({
      contextWindow: 200_000,
      maxOutputTokens: 64_000,
      features: { prefill: 'yes' },
    });
    expect(traitsOf('claude-opus-5-5')).toMatchObject({
      contextWindow: 1_000_000,
      features: { prefill: 'no', reasoning: 'yes' },
    });
    // Its window was not published.
    expect(traitsOf('claude-fable-5-2')).toMatchObject({
      contextWindow: 'unknown',
      features: { tools: 'yes' },
    });
    expect(traitsOf('claude-opus-5-5-of-somebody')).toMatchObject({
      contextWindow: 'unknown',
      features: { tools: 'unknown', prefill: 'unknown' },
    });
  });

  it('lets the settings win', () => {
    const traits = traitsOf('kimi-k3', { contextWindow: 8192, features: { images: 'no' } });
    expect(traits).toMatchObject({ contextWindow: 8192, features: { images: 'no', tools: 'unknown' } });
  });
});

describe('the endpoint', () => {
  const environment = { ANTHROPIC_API_KEY: 'sk-environment', ANTHROPIC_BASE_URL: '' };

  it('sends a key of the environment to Anthropic and to the server that the environment names', () => {
    expect(resolveEndpoint(vendor, {}, environment)).toEqual({
      baseUrl: 'https://api.anthropic.com',
      isVendor: true,
      apiKey: 'sk-environment',
    });
    expect(
      resolveEndpoint(vendor, {}, { ...environment, ANTHROPIC_BASE_URL: 'http://proxy/v1' }),
    ).toMatchObject({
      baseUrl: 'http://proxy/v1',
      isVendor: false,
      apiKey: 'sk-environment',
    });
  });

  it('sends it to no server that is named in code', () => {
    expect(resolveEndpoint(vendor, { baseUrl: 'https://other.example' }, environment).apiKey).toBeUndefined();
    expect(
      resolveEndpoint(vendor, { baseUrl: 'https://evil-anthropic.com' }, environment).apiKey,
    ).toBeUndefined();
  });
});

describe('schemas', () => {
  it('of an output are closed, and say what cannot be enforced', () => {
    const warnings = createWarnings();
    const schema = {
      type: 'object',
      properties: {
        a: {
          oneOf: [
            { type: 'string', minLength: 1 },
            { type: 'object', properties: {} },
          ],
        },
      },
      enum: [{ minimum: 1 }],
    };
    expect(toOutputSchema(schema, warnings)).toEqual({
      type: 'object',
      properties: {
        a: { anyOf: [{ type: 'string' }, { type: 'object', properties: {}, additionalProperties: false }] },
      },
      enum: [{ minimum: 1 }],
      additionalProperties: false,
    });
    expect(warnings.list().map(({ code }) => code)).toEqual(['output-schema']);
    const strict = createWarnings();
    expect(toOutputSchema({ type: 'object', properties: {} }, strict)).toBeDefined();
    expect([strict.list(), toOutputSchema('none', strict)]).toEqual([[], undefined]);
  });

  it('of a tool are those that the vendor takes, or any object', () => {
    const warnings = createWarnings();
    const given = [
      {},
      { type: 'object', required: ['a'] },
      { anyOf: [] },
      'x',
      { properties: { 'a b': {} } },
    ];
    expect(given.map((schema) => toInputSchema(schema, 't', warnings))).toEqual([
      { type: 'object' },
      { type: 'object', required: ['a'] },
      { type: 'object' },
      { type: 'object' },
      { type: 'object' },
    ]);
    expect(warnings.list()).toMatchObject([
      { code: 'tool-schema', message: expect.stringContaining('3 times') },
    ]);
  });

  it('go with names that the vendor takes', () => {
    const [tool, other] = toAnthropicTools([
      { name: 'files.read', description: 'd', inputSchema: {} },
      { name: 'weather', description: 'd', inputSchema: {} },
    ]);
    expect(tool?.name).toMatch(/^[a-zA-Z0-9_-]{1,128}$/);
    expect(other?.name).toBe('weather');
  });
});

describe('createScrub', () => {
  it('finds secrets as they are and escaped', () => {
    const secret = 'pa"ss/wörd';
    const forms = [
      secret,
      JSON.stringify(secret),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
      'sk-ant-api03-abcdef',
    ];
    expect(forms.map(createScrub([secret, undefined, ''], vendor.keyPattern))).toEqual([
      '[secret]',
      '"[secret]"',
      '[secret]',
      '[secret]',
      '[secret]',
    ]);
  });
});
