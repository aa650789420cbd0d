import { beforeAll, describe, expect, it } from 'vitest';
import { type CellResult, matrix, runMatrix } from '../src/faults/run-matrix.js';

describe('[F1] [F5] the fault matrix of the router', () => {
  let results: readonly CellResult[] = [];
  beforeAll(async () => {
    results = await runMatrix();
  }, 120_000);

  it.each(
    matrix.map(
      ({ row, dialect, streamed }, index) =>
        [row.fault, dialect, streamed ? 'streamed' : 'whole', index] as const,
    ),
  )('%s: %s, %s', (_fault, _dialect, _streamed, index) => {
    expect(results[index]?.problem).toBeUndefined();
  });

  it('has sixteen faults on four dialects, streamed and not', () => {
    expect(matrix).toHaveLength(128);
  });
});
