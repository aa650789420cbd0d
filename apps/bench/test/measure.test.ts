import { createMemoryStore, openThread } from '@loci/core';
import { describe, expect, it } from 'vitest';
import { alternate, median, medianRatio } from '../src/measure.js';
import { buildThread } from '../src/suites/build-thread.js';
import { counted } from '../src/suites/counted-store.js';
import { englishText } from '../src/texts/english.js';
import { textKinds } from '../src/texts/kinds.js';

describe('measuring', () => {
  it('takes the one in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNaN();
    expect(medianRatio([2, 40, 6], [1, 10, 3])).toBe(2);
  });

  it('runs probes by turns and leaves the first round out', async () => {
    const order: string[] = [];
    let next = 0;
    const probe = (name: string) => () => {
      order.push(name);
      return next++;
    };
    expect(await alternate({ a: probe('a'), b: probe('b') }, 2)).toEqual({ a: [2, 4], b: [3, 5] });
    expect(order.join('')).toBe('ababab');
  });
});

describe('what is measured', () => {
  it('is the same text every time', () => {
    expect(englishText(500)).toBe(englishText(500));
    expect(englishText(500)).toHaveLength(500);
    expect(englishText(500, 2)).not.toBe(englishText(500));
    expect(textKinds()).toEqual(textKinds());
  });

  it('is a history that a thread can show, and every append is counted', async () => {
    const { store, written } = counted(createMemoryStore());
    const thread = openThread({ store, key: ['t'] });
    await buildThread(thread, 1200);
    expect((await thread.view()).messages).toHaveLength(1200);
    expect(written().appends).toBe(2);
    expect(written().bytes).toBeGreaterThan(1200 * 200);
  });
});
