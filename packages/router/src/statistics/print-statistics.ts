import { type Clock, systemClock } from '@loci/core';
import { checkMs, checkOption } from './check-option.js';
import type { ModelStatistics, Statistics, StatisticsSnapshot } from './statistics.js';

/** The heading of each column and its cell; the first column is aligned to the left. */
const columns: readonly (readonly [string, (model: ModelStatistics) => string])[] = [
  ['model', ({ id }) => id],
  ['attempts', ({ attempts }) => whole(attempts)],
  ['ok', ({ successes }) => whole(successes)],
  ['success', ({ successRate }) => (successRate === null ? none : `${(successRate * 100).toFixed(1)} %`)],
  ['mean', ({ latency }) => duration(latency?.mean)],
  ['p50', ({ latency }) => duration(latency?.p50)],
  ['p95', ({ latency }) => duration(latency?.p95)],
  ['p99', ({ latency }) => duration(latency?.p99)],
  ['first', ({ firstContent }) => duration(firstContent?.p50)],
  ['in', ({ usage }) => whole(usage.input)],
  ['out', ({ usage }) => whole(usage.output)],
  ['cost', costOf],
  ['failures', failuresOf],
];
const none = '–';

/**
 * The statistics as one table in plain text, a line for each model. `first` is the median time to the first content;
 * `+` after a cost says that there are attempts whose cost is not known.
 */
export function printStatistics({ since, at, models }: StatisticsSnapshot): string {
  const title = `Statistics of ${duration(at - since)} until ${new Date(at).toISOString()}`;
  if (models.length === 0) return `${title}\nNo model was used.\n`;
  const rows = [
    columns.map(([name]) => name),
    ...models.map((model) => columns.map(([, cell]) => cell(model))),
  ];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const last = columns.length - 1;
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 || column === last
          ? cell.padEnd(widths[column] ?? 0)
          : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return `${title}\n${lines.join('\n')}\n`;
}

export interface PrintOptions {
  /** Milliseconds, more than 0. */
  readonly everyMs: number;
  /** Given the table. What it throws is ignored. */
  readonly write: (table: string) => void;
  /** @default systemClock */
  readonly clock?: Clock;
}

/** Writes the table again and again; returns the function that ends it. Throws `InvalidInputError` for an unusable option. */
export function printStatisticsEvery(
  statistics: Pick<Statistics, 'snapshot'>,
  options: PrintOptions,
): () => void {
  const { everyMs, write, clock = systemClock } = options;
  checkMs(everyMs, 'everyMs');
  checkOption(typeof write === 'function', 'write', 'is not a function');
  let cancel = clock.after(everyMs, again);
  return () => cancel();

  function again(): void {
    cancel = clock.after(everyMs, again);
    try {
      write(printStatistics(statistics.snapshot()));
    } catch {
      // A table that cannot be shown must not end the process.
    }
  }
}

function costOf({ cost, unpriced, attempts }: ModelStatistics): string {
  if (unpriced === attempts) return none;
  const text = `$${(Number(cost) / 1e12).toFixed(6)}`;
  return unpriced > 0 ? `${text}+` : text;
}

function failuresOf({ failures, cancelled }: ModelStatistics): string {
  const parts = Object.entries(failures).map(([kind, failed]) => `${failed} ${kind}`);
  if (cancelled > 0) parts.push(`${cancelled} cancelled`);
  return parts.join(', ') || none;
}

function whole(value: number): string {
  return value.toLocaleString('en-US');
}

function duration(ms: number | undefined): string {
  if (ms === undefined) return none;
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${ms.toFixed(0)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 3_600_000 ? `${(ms / 60_000).toFixed(1)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}
