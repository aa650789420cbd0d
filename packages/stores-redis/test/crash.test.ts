import { randomId } from '@loci/core';
import { describe, expect } from 'vitest';
import { openStore } from './open-store.js';
import { startChild } from './start-child.js';
import { startGate } from './start-gate.js';
import { redisIt as it, sharedRedis } from './start-redis.js';
import { toArray } from './tools.js';

const redis = sharedRedis();
const points = ['request', 'answer'] as const;

/** Starts a worker behind a gate, kills it where the gate holds it, and answers what it had said and what was written. */
async function killAt(task: 'append' | 'increment', point: (typeof points)[number], after: number) {
  const prefix = randomId();
  const gate = await startGate(redis().port);
  const options = JSON.stringify({ url: `redis://127.0.0.1:${gate.port}`, prefix });
  const child = startChild('worker.mjs', options, task, 'victim', '100000');
  expect(await child.line()).toBe('ready');
  const held = gate.hold(point, after);
  child.tell('go');
  await held;
  child.kill();
  const said = await child.rest();
  return { store: openStore(redis(), { prefix }), said };
}

describe.each(points)('a process killed while its %s is on the way', (point) => {
  // The first pieces open the connection and make the server know the script.
  it('[G3] mid-append has lost nothing acknowledged, and the next one repeats it without a gap', async () => {
    for (const after of [4, 5, 12, 31]) {
      const { store, said } = await killAt('append', point, after);
      const stored = await toArray(store.logs.read(['shared']));
      const ids = stored.map((entry) => entry.id);
      expect(ids.slice(0, said.length)).toEqual(said);
      // What was under way is there whole, or not at all.
      expect(ids.length - said.length).toBeLessThanOrEqual(point === 'answer' ? 1 : 0);
      const again = `victim-${said.length}`;
      const { outcome } = await store.logs.append(['shared'], [{ id: again, body: 1 }]);
      expect(outcome).toBe(ids.includes(again) ? 'replayed' : 'appended');
      const all = await toArray(store.logs.read(['shared']));
      expect(all.map((entry) => entry.seq)).toEqual(all.map((_, index) => index + 1));
      expect(all.at(-1)?.id).toBe(again);
    }
  });

  it('[G3] mid-update has counted every step once, also when the step is repeated', async () => {
    for (const after of [4, 9, 14, 33]) {
      const { store } = await killAt('increment', point, after);
      const before = await store.documents.get(['counter']);
      const count = Number(before?.value ?? 0);
      if (after > 9) expect(count).toBeGreaterThan(0);
      // The next process cannot know whether the last step was made: it repeats it under the same id.
      const expected = before ? { version: before.version } : 'absent';
      for (const step of [count - 1, count]) {
        if (step < 0) continue;
        const put = store.documents.put(['counter'], count + 1, {
          expect: expected,
          operationId: `victim-${step}`,
        });
        expect((await put).replayed).toBe(step < count);
      }
      expect((await store.documents.get(['counter']))?.value).toBe(count + 1);
    }
  });
});
