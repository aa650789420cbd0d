import { withCell } from './cell.js';
import { type FaultRow, faultRows } from './rows.js';
import { type DialectName, dialects } from './vendor.js';

export interface CellResult {
  readonly fault: string;
  readonly outcome: string;
  readonly dialect: DialectName;
  readonly streamed: boolean;
  /** What went wrong; undefined where the required outcome was seen. */
  readonly problem: string | undefined;
}

/** Sixteen faults on four dialects, streamed and not. */
export const matrix = faultRows.flatMap((row) =>
  dialects.flatMap((dialect) => [true, false].map((streamed) => ({ row, dialect, streamed }))),
);

/** Runs every cell, some at once; each has servers, models, a router and a clock of its own. */
export async function runMatrix(
  onCell: (done: number) => void = () => {},
  atOnce = 16,
): Promise<CellResult[]> {
  const results: CellResult[] = [];
  // The first call of a vendor loads its SDK, which would take seconds of a fast clock.
  for (const dialect of dialects) await withCell(dialect, true, (cell) => cell.ask(cell.route()));
  const left = [...matrix.entries()];
  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [index, cell] = next;
      results[index] = await runCell(cell);
      onCell(results.filter(Boolean).length);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

async function runCell({
  row: { fault, outcome, check },
  dialect,
  streamed,
}: {
  readonly row: FaultRow;
  readonly dialect: DialectName;
  readonly streamed: boolean;
}): Promise<CellResult> {
  const problem = await withCell(dialect, streamed, check).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return { fault, outcome, dialect, streamed, problem };
}
