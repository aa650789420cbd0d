import { describe, expect, it } from 'vitest';
import { createTestClock } from './test-clock.js';

describe('createTestClock', () => {
  it('stands still until it is advanced', async () => {
    const clock = createTestClock(1000);
    let ran = false;
    clock.after(10, () => {
      ran = true;
    });
    await clock.advance(9);
    expect([clock.now(), ran]).toEqual([1009, false]);
    await clock.advance(1);
    expect([clock.now(), ran]).toEqual([1010, true]);
  });

  it('runs timers in order, each at its own moment, and equal ones as they were asked for', async () => {
    const clock = createTestClock(0);
    const seen: string[] = [];
    clock.after(20, () => seen.push(`c@${clock.now()}`));
    clock.after(10, () => seen.push(`a@${clock.now()}`));
    clock.after(10, () => seen.push(`b@${clock.now()}`));
    await clock.advance(30);
    expect(seen).toEqual(['a@10', 'b@10', 'c@20']);
  });

  it('lets promises settle between timers, so that a chain of waits runs in one advance', async () => {
    const clock = createTestClock(0);
    const wait = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
    const seen: number[] = [];
    const chain = (async () => {
      for (let turn = 0; turn < 3; turn++) {
        await wait(10);
        seen.push(clock.now());
      }
    })();
    await clock.advance(30);
    await chain;
    expect(seen).toEqual([10, 20, 30]);
  });

  it('shows what is pending and forgets what was cancelled', async () => {
    const clock = createTestClock(0);
    clock.after(20, () => {});
    const cancel = clock.after(10, () => {
      throw new Error('cancelled timers do not run');
    });
    expect(clock.pending()).toEqual([10, 20]);
    cancel();
    expect(clock.pending()).toEqual([20]);
    await clock.advance(100);
    expect(clock.pending()).toEqual([]);
  });

  it('takes a negative wait as none', async () => {
    const clock = createTestClock(5);
    clock.after(-10, () => {});
    expect(clock.pending()).toEqual([5]);
  });
});
