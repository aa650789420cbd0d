import { type ChatModel, createMessage } from '@loci/core';
import { anthropic } from '@loci/providers-anthropic';
import { mistral } from '@loci/providers-mistral';
import { openai } from '@loci/providers-openai';
import { createTestClock } from '@loci/testing';
import { startAnthropic } from '@loci/testing/anthropic';
import { startMistral } from '@loci/testing/mistral';
import { startOpenAI } from '@loci/testing/openai';
import { expect, it, onTestFinished } from 'vitest';
import { createShaper } from './shaper.js';

const start = Date.UTC(2026, 0, 1);

it('lets as many requests start as the minute allows, then says when', async () => {
  const clock = createTestClock(start);
  const shaper = createShaper({ clock, limits: { a: { requestsPerMinute: 60 } } });
  for (let index = 0; index < 60; index++) {
    expect(shaper.startAt('a', 0)).toBe(start);
    shaper.take('a', 0);
  }
  expect(shaper.startAt('a', 0)).toBe(start + 1000);
  expect(shaper.startAt('b', 1e9)).toBe(start);
  await clock.advance(999);
  expect(shaper.startAt('a', 0)).toBe(start + 1000);
  await clock.advance(1);
  expect(shaper.startAt('a', 0)).toBe(clock.now());
  await clock.advance(3_600_000);
  for (let index = 0; index < 60; index++) shaper.take('a', 0);
  expect(shaper.startAt('a', 0)).toBe(clock.now() + 1000);
});

it('counts tokens, and corrects an estimate when the usage is known', () => {
  const clock = createTestClock(start);
  const shaper = createShaper({ clock, limits: { a: { tokensPerMinute: 6000 } } });
  const settle = shaper.take('a', 5000);
  expect(shaper.startAt('a', 2000)).toBe(start + 10_000);
  settle(1000);
  expect(shaper.startAt('a', 2000)).toBe(start);
  shaper.take('a', 0)(8000);
  expect(shaper.startAt('a', 1000)).toBe(start + 40_000);
});

it('lets a request that is larger than a minute’s tokens start when all of them are there', async () => {
  const clock = createTestClock(start);
  const shaper = createShaper({ clock, limits: { a: { tokensPerMinute: 6000 } } });
  expect(shaper.startAt('a', 50_000)).toBe(start);
  shaper.take('a', 600);
  expect(shaper.startAt('a', 50_000)).toBe(start + 6000);
});

it('follows the limits that OpenAI states', () => {
  const clock = createTestClock(start);
  const shaper = createShaper({ clock });
  const rateLimits = {
    'limit-requests': '100',
    'remaining-requests': '0',
    'reset-requests': '1m40s',
    'limit-tokens': '60000',
    'remaining-tokens': '59999',
    'reset-tokens': '17ms',
  };
  shaper.sync('a', { openai: { servedModel: 'x', rateLimits } });
  expect(shaper.startAt('a', 1)).toBe(start + 1000);
  // Close to full, 17 ms for one token says nothing of the rate.
  shaper.take('a', 59_999);
  shaper.take('a', 100);
  expect(shaper.startAt('a', 900)).toBe(start + 3000);
});

it('follows the limits that Anthropic states, whatever the vendor is called here', () => {
  const clock = createTestClock(start);
  const shaper = createShaper({ clock });
  const rateLimits = {
    'requests-limit': '50',
    'requests-remaining': '49',
    'requests-reset': '2026-01-01T00:00:01Z',
    'input-tokens-limit': '1000',
    'input-tokens-remaining': '0',
    'input-tokens-reset': '2026-01-01T00:00:30Z',
    'tokens-limit': '9000',
    'tokens-remaining': '9000',
    'tokens-reset': '2026-01-01T00:00:00Z',
  };
  shaper.sync('a', { 'our-gateway': { rateLimits }, router: { attempts: 1 } });
  expect(shaper.startAt('a', 100)).toBe(start + 3000);
});

it('follows the limits that Mistral states, and keeps the caller’s where those are lower', () => {
  const clock = createTestClock(start);
  const shaper = createShaper({ clock, limits: { b: { requestsPerMinute: 1 } } });
  const rateLimits = { 'limit-req-minute': '60', 'remaining-req-minute': '2' };
  for (const id of ['a', 'b']) shaper.sync(id, { mistral: { rateLimits } });
  shaper.take('a', 0);
  shaper.take('a', 0);
  shaper.take('b', 0);
  expect(shaper.startAt('a', 0)).toBe(start + 1000);
  expect(shaper.startAt('b', 0)).toBe(start + 60_000);
});

it('does not take what the vendor has not counted yet for free', () => {
  const clock = createTestClock(start);
  const shaper = createShaper({ clock, limits: { a: { requestsPerMinute: 60 } } });
  for (let index = 0; index < 60; index++) shaper.take('a', 0);
  shaper.sync('a', { mistral: { rateLimits: { 'limit-req-minute': '60', 'remaining-req-minute': '59' } } });
  expect(shaper.startAt('a', 0)).toBe(start + 1000);
});

it('ignores responses without limits and limits that are none', () => {
  const clock = createTestClock(start);
  const shaper = createShaper({ clock });
  const strange = {
    'limit-requests': 'many',
    'remaining-requests': '0',
    'limit-tokens': '0',
    'remaining-tokens': '0',
  };
  for (const notes of [
    undefined,
    {},
    { openai: null },
    { openai: { rateLimits: 'none' } },
    { openai: { rateLimits: strange } },
  ])
    shaper.sync('a', notes);
  expect(shaper.startAt('a', 1e9)).toBe(start);
});

it('reads what the three providers keep of their vendors’ headers', async () => {
  const servers = await Promise.all([startOpenAI(), startAnthropic(), startMistral()]);
  onTestFinished(async () => void (await Promise.all(servers.map((server) => server.close()))));
  const [one, two, three] = servers;
  const models: readonly ChatModel[] = [
    openai('stand-in-quoting', { baseUrl: one.url, apiKey: 'key' }),
    anthropic('stand-in-quoting', { baseUrl: two.url, apiKey: 'key' }),
    mistral('stand-in-quoting', { baseUrl: three.url, apiKey: 'key' }),
  ];
  const clock = createTestClock(start);
  const shaper = createShaper({ clock });
  for (const model of models) {
    const messages = [createMessage({ role: 'user', content: 'Hello.' })];
    const { notes } = await model.generate({ messages, maxOutputTokens: 50 });
    const id = model.provider;
    expect(shaper.startAt(id, 1)).toBe(start);
    shaper.sync(id, notes);
    for (let index = 0; index < 10_000; index++) shaper.take(id, 0);
    expect(shaper.startAt(id, 1), id).toBeGreaterThan(start);
  }
});

it('refuses a limit that is none', () => {
  for (const wrong of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => createShaper({ limits: { a: { tokensPerMinute: wrong } } })).toThrow(
      'options.limits.a.tokensPerMinute',
    );
    expect(() => createShaper({ limits: { a: { requestsPerMinute: wrong } } })).toThrow('requestsPerMinute');
  }
});
