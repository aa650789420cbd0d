import { createScrub, resolveEndpoint } from '@loci/core/provider';
import { describe, expect, it } from 'vitest';
import { mapFinishReason } from './map-finish-reason.js';
import { mapUsage } from './map-usage.js';
import { vendor } from './settings.js';
import { traitsOf } from './traits.js';

describe('mapFinishReason', () => {
  it('maps what the vendor says, and takes everything else for other', () => {
    const said = ['stop', 'length', 'tool_calls', 'function_call', 'content_filter', 'eos', 'toString'];
    expect(said.map(mapFinishReason)).toEqual([
      'stop',
      'length',
      'tool-calls',
      'tool-calls',
      'content-filter',
      'other',
      'other',
    ]);
  });
});

describe('mapUsage', () => {
  it('keeps the totals, of which cached and reasoning', () => {
    const usage = {
      prompt_tokens: 100,
      completion_tokens: 20,
      prompt_tokens_details: { cached_tokens: 80, cache_write_tokens: 10 },
      completion_tokens_details: { reasoning_tokens: 15 },
    };
    expect(mapUsage(usage)).toEqual({ input: 100, cacheRead: 80, cacheWrite: 10, output: 20, reasoning: 15 });
  });

  it('invents nothing', () => {
    expect(
      [
        undefined,
        null,
        {},
        { prompt_tokens: 1 },
        { prompt_tokens: 'many', completion_tokens: 1 },
        'none',
      ].map(mapUsage),
    ).toEqual([null, null, null, null, null, null]);
    expect(mapUsage({ prompt_tokens: 1, completion_tokens: 2, prompt_tokens_details: null })).toMatchObject({
      cacheRead: 0,
      reasoning: 0,
    });
  });
});

describe('traitsOf', () => {
  it('knows dated snapshots of known models, and nothing about others', () => {
    expect(traitsOf('gpt-4o-2024-08-06')).toMatchObject({
      contextWindow: 128_000,
      features: { reasoning: 'no', tools: 'yes' },
    });
    expect(traitsOf('gpt-5.4')).toMatchObject({ contextWindow: 1_050_000, features: { reasoning: 'yes' } });
    expect(traitsOf('llama3.3')).toMatchObject({
      contextWindow: 'unknown',
      maxOutputTokens: 'unknown',
      features: { tools: 'unknown', reasoning: 'unknown' },
    });
    expect(traitsOf('gpt-4o-prefix-of-something-else').contextWindow).toBe('unknown');
  });

  it('lets the settings win', () => {
    const traits = traitsOf('llama3.3', { contextWindow: 8192, features: { images: 'no' } });
    expect(traits).toMatchObject({ contextWindow: 8192, features: { images: 'no', tools: 'unknown' } });
  });
});

describe('the endpoint', () => {
  const environment = { OPENAI_API_KEY: 'sk-environment', OPENAI_BASE_URL: '' };

  it('sends a key of the environment to OpenAI and to the server that the environment names', () => {
    expect(resolveEndpoint(vendor, {}, environment)).toEqual({
      baseUrl: 'https://api.openai.com/v1',
      isVendor: true,
      apiKey: 'sk-environment',
    });
    expect(resolveEndpoint(vendor, { baseUrl: 'https://eu.api.openai.com/v1' }, environment)).toMatchObject({
      isVendor: true,
      apiKey: 'sk-environment',
    });
    expect(resolveEndpoint(vendor, {}, { ...environment, OPENAI_BASE_URL: 'http://proxy/v1' })).toMatchObject(
      {
        isVendor: false,
        apiKey: 'sk-environment',
      },
    );
  });

  it('sends it to no server that is named in code', () => {
    expect(
      resolveEndpoint(vendor, { baseUrl: 'https://other.example/v1' }, environment).apiKey,
    ).toBeUndefined();
    expect(resolveEndpoint(vendor, { baseUrl: 'https://evil-openai.com/v1' }, environment)).toMatchObject({
      isVendor: false,
      apiKey: undefined,
    });
  });
});

describe('createScrub', () => {
  it('finds secrets as they are and escaped', () => {
    const secret = 'pa"ss/wörd';
    const scrub = createScrub([secret, undefined, ''], vendor.keyPattern);
    const forms = [
      secret,
      JSON.stringify(secret),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
    ];
    expect(forms.map(scrub)).toEqual(['[secret]', '"[secret]"', '[secret]', '[secret]']);
    expect(scrub('nothing here')).toBe('nothing here');
  });
});
