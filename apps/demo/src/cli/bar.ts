import { styleText } from 'node:util';
import { toPrintable } from './output.js';

const width = 24;

/** Writes one line to stdout: how full something is, and what is said of it. Colours at a terminal only. */
export function printBar(label: string, value: number, most: number, text: string): void {
  const filled = Math.max(0, Math.min(width, Math.round((value / most) * width)));
  const color = value < most * 0.6 ? 'green' : value < most * 0.85 ? 'yellow' : 'red';
  const bar = styleText(color, '█'.repeat(filled), { stream: process.stdout }) + '░'.repeat(width - filled);
  process.stdout.write(`${toPrintable(label)} ${bar} ${toPrintable(text)}\n`);
}
