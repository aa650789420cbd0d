import { alternate, median, medianRatio } from '../measure.js';
import type { Body } from '../providers/bodies.js';
import { dialects } from '../providers/dialects.js';
import type { Check, Row, Suite } from '../suite.js';

const [many, one] = [40, 1] as const;
/** Calls that are timed together: few, so that both sides meet the same moments of the machine. */
const block = 4;
const rounds = 400;
/** What is wanted of each. */
const target = 0.3;

/**
 * Both sides are called as streams and read to their end, over the same answers of the same stubbed `fetch`: the SDK alone,
 * with one client for all calls and no signal; our model over the same SDK, with its time-outs, its abort signal, the
 * compiled request and the checked answer. `generate` of our models is the same stream, collected.
 */
export const providers: Suite = {
  name: 'providers',
  measures: 'what our providers add to a call of the vendors’ SDKs, per call and per chunk',
  async run({ progress }) {
    const rows: Row[] = [];
    const checks: Check[] = [];
    for (const dialect of dialects) {
      progress(dialect.name);
      const taken = await alternate(
        {
          bareMany: calls(dialect.bare(answering(dialect.body(many)))),
          oursMany: calls(dialect.ours(answering(dialect.body(many)))),
          bareOne: calls(dialect.bare(answering(dialect.body(one)))),
          oursOne: calls(dialect.ours(answering(dialect.body(one)))),
        },
        rounds,
      );
      const bareChunk = perChunk(taken.bareMany, taken.bareOne);
      const ourChunk = perChunk(taken.oursMany, taken.oursOne);
      for (const [deltas, ours, bare] of [
        [many, taken.oursMany, taken.bareMany],
        [one, taken.oursOne, taken.bareOne],
      ] as const) {
        const added = medianRatio(ours, bare) - 1;
        rows.push({
          table: 'a streamed call, read to its end',
          dialect: dialect.name,
          deltas,
          'SDK µs': median(bare) * 1000,
          'ours µs': median(ours) * 1000,
          'added, of the SDK': added,
        });
        checks.push({
          id: `providers/${dialect.name}/${deltas === 1 ? 'one delta' : `${deltas} deltas`}`,
          value: added,
          limit: target,
          unit: 'of what the SDK costs',
        });
      }
      rows.push({
        table: 'one more chunk',
        dialect: dialect.name,
        'SDK µs': median(bareChunk) * 1000,
        'ours µs': median(ourChunk) * 1000,
        'added, of the SDK': median(ourChunk) / median(bareChunk) - 1,
      });
    }
    return { rows, checks };
  },
};

/** A `fetch` that answers every request with this body, one read for each event. */
function answering(body: Body): typeof globalThis.fetch {
  return async () => {
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const bytes of body) controller.enqueue(bytes);
        controller.close();
      },
    });
    return new Response(stream, { headers: { 'content-type': 'text/event-stream' } });
  };
}

/** Milliseconds per call, of a block of calls one after the other. */
function calls(call: () => Promise<number>): () => Promise<number> {
  return async () => {
    const started = performance.now();
    for (let index = 0; index < block; index++)
      if ((await call()) === 0) throw new Error('A stream had no events.');
    return (performance.now() - started) / block;
  };
}

function perChunk(long: readonly number[], short: readonly number[]): number[] {
  return long.map((value, round) => (value - (short[round] ?? Number.NaN)) / (many - one));
}
