import { runMatrix } from '../faults/run-matrix.js';
import type { Row, Suite } from '../suite.js';

/** What comes of sixteen faults of a primary vendor, whatever it speaks. */
export const faults: Suite = {
  name: 'faults',
  measures:
    'sixteen faults of the primary on four dialects through the real SDKs, streamed and not, with a fallback of another vendor',
  async run({ progress }) {
    const results = await runMatrix((done) => progress(`${done} cells`));
    const rows: Row[] = [...new Set(results.map(({ fault }) => fault))].map((fault) => {
      const own = results.filter((result) => result.fault === fault);
      const held = own.filter(({ problem }) => problem === undefined).length;
      return {
        table: 'faults of the primary',
        fault,
        'required outcome': own[0]?.outcome ?? '',
        held: `${held} of ${own.length}`,
      };
    });
    for (const { fault, dialect, streamed, problem } of results)
      if (problem !== undefined)
        rows.push({ table: 'what went wrong', fault, dialect, streamed: String(streamed), problem });
    const broken = results.filter(({ problem }) => problem !== undefined).length;
    return { rows, checks: [{ id: `faults/of ${results.length}`, value: broken, limit: 0, unit: 'cells' }] };
  },
};
