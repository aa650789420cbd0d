import { createRequire } from 'node:module';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { loadEncoder } from '../src/encodings.js';
import { CounterNotLoadedError, tiktokenCounter } from '../src/index.js';

const loadedFiles = () =>
  Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes('/tiktoken/'));

it('loads tiktoken and one encoding when it is first asked to, not before', async () => {
  const counter = tiktokenCounter({ encoding: 'gpt2' });
  expect(loadedFiles()).toEqual([]);
  await counter.load();
  expect(loadedFiles().some((file) => file.includes('encoders/gpt2'))).toBe(true);
  expect(loadedFiles().some((file) => file.includes('encoders/o200k'))).toBe(false);
  expect(counter.countText('hello world')).toBe(2);
});

it('says so when it is asked to count before it is loaded', () => {
  const counter = tiktokenCounter();
  try {
    counter.countText('hello');
    expect.unreachable();
  } catch (error) {
    expect(CounterNotLoadedError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code: 'COUNTER_NOT_LOADED', counter: 'tiktoken/o200k_base' });
    expect(String(error)).not.toContain('hello');
  }
});

it('builds an encoding once for all counters', async () => {
  const [first, second] = await Promise.all([loadEncoder('gpt2'), loadEncoder('gpt2')]);
  expect(first).toBe(second);
  expect(await loadEncoder('gpt2')).toBe(first);
});

it('keeps an encoding for as long as a counter uses it', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const counter = tiktokenCounter({ encoding: 'r50k_base' });
  await counter.load();
  const encoder = new WeakRef(await loadEncoder('r50k_base'));
  // What was made in this turn of the event loop is not collected.
  await setTimeout(0);
  collect();
  expect(encoder.deref()).toBeDefined();
  expect(counter.countText('hello world')).toBe(2);
});
