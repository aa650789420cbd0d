import { readHeading } from './headings.js';

/** Control characters but for tabs and line ends, marks that turn the direction of text, and invisible tags. */
const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
  /[\0-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\u200B\u202A-\u202E\u2060\u2066-\u2069\uFEFF\u{E0000}-\u{E007F}]/gu;
const longestLeadIn = 240;
const leadIn = /\b(?:summar\w*|recap|overview|zusammen\w*)\b|^(?:here|below)\b.*:$/i;

/** An answer without the code fence around it, without a sentence that announces it, and without control characters. */
export function tidySummary(answer: string): string {
  const lines = answer.replace(/\r\n?/g, '\n').replace(unseen, '').trim().split('\n');
  return withoutLeadIn(withoutFence(withoutLeadIn(lines)))
    .join('\n')
    .trim();
}

function withoutFence(lines: readonly string[]): readonly string[] {
  const isFenced = /^\s*```[\w-]*\s*$/.test(lines[0] ?? '') && lines.at(-1)?.trim() === '```';
  return isFenced && lines.length > 1 ? lines.slice(1, -1) : lines;
}

function withoutLeadIn(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => readHeading(line) || line.startsWith('```'));
  const before = lines.slice(0, Math.max(first, 0)).filter((line) => line.trim() !== '');
  const [only = ''] = before;
  return before.length <= 1 && only.length <= longestLeadIn && (only === '' || leadIn.test(only))
    ? lines.slice(Math.max(first, 0))
    : lines;
}
