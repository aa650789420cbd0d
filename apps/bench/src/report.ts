import { availableParallelism, cpus } from 'node:os';
import { styleText } from 'node:util';
import type { Check, Row } from './suite.js';

export interface Report {
  readonly suite: string;
  readonly machine: {
    readonly node: string;
    readonly processor: string;
    readonly cores: number;
    readonly system: string;
  };
  readonly rows: readonly Row[];
  readonly checks: readonly (Check & { readonly holds: boolean })[];
}

export function toReport(suite: string, rows: readonly Row[], checks: readonly Check[]): Report {
  const machine = {
    node: process.versions.node,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    system: `${process.platform} ${process.arch}`,
  };
  // A value that is no number was not measured, and so does not hold.
  return {
    suite,
    machine,
    rows,
    checks: checks.map((check) => ({ ...check, holds: check.value <= check.limit })),
  };
}

/** The same for people, in columns. */
export function toText({ suite, machine, rows, checks }: Report, color: boolean): string {
  const lines = [
    `${suite}: Node ${machine.node}, ${machine.cores} cores, ${machine.processor}, ${machine.system}`,
  ];
  for (const [title, group] of Map.groupBy(rows, ({ table }) => table)) {
    const columns = Object.keys(group[0] ?? {}).filter((name) => name !== 'table');
    lines.push('', title, ...align([columns, ...group.map((row) => columns.map((name) => show(row[name])))]));
  }
  const verdicts = checks.map(({ id, value, limit, unit, holds }) => [
    holds ? '✓' : '✗',
    id,
    `${show(value)} of at most ${show(limit)} ${unit}`,
  ]);
  if (verdicts.length > 0) lines.push('', 'checks', ...align(verdicts));
  if (!color) return lines.join('\n');
  return lines
    .map((line) =>
      line.startsWith('  ✓')
        ? styleText('green', line)
        : line.startsWith('  ✗')
          ? styleText('red', line)
          : line,
    )
    .join('\n');
}

function align(table: readonly (readonly string[])[]): string[] {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  return table.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}

function show(value: string | number | undefined): string {
  if (typeof value !== 'number') return value ?? '';
  if (Number.isInteger(value)) return value.toLocaleString('en');
  return value >= 100
    ? value.toFixed(0)
    : value >= 10
      ? value.toFixed(1)
      : value.toFixed(value < 0.1 ? 3 : 2);
}
