import type { Artifact } from './artifact.js';
import { isWhole, mask } from './is-whole.js';
import { valuePatterns } from './value-patterns.js';

/** A value and where it begins. */
export interface Found extends Artifact {
  readonly at: number;
}

/** Longer values are not told: nobody could repeat them. */
const longestValue = 512;

const blocks =
  /data:[a-z]+\/[\w+.-]{1,80}[;,][^\s"'<>)]*|(?<![\p{L}\p{N}])(?:[a-z][a-z\d+.-]{1,14}:\/\/|www\.|localhost:(?=\d))[^\s"'`<>\\^{|}]{1,4096}|[A-Za-z\d+/_=-]{40,}/gu;
const values = new RegExp(
  `(?<![\\p{L}\\p{N}_${mask}]|[\\p{L}\\p{N}_]\\.)(?:${valuePatterns.map(({ pattern }) => `(${pattern})`).join('|')})`,
  'gu',
);

/**
 * The exact values in a text but for its decisions, in order, with repetitions. What stands inside a URL or a path is
 * not told again. Linear in the length of the text.
 */
export function findValues(text: string): Found[] {
  const found: Found[] = [];
  const add = (kind: Artifact['kind'], given: string, at: number, within: string) => {
    const value = kind === 'url' || kind === 'path' ? trimEnd(given) : given;
    const isTold = value.length <= longestValue && isWhole(kind, within, at, at + value.length);
    if (isTold) found.push({ kind, value, at });
    return isTold;
  };
  const rest = text.replace(blocks, (block, at: number) => {
    const isUrl = /^(?!data:)[a-z][a-z\d+.-]*:\/\/|^www\.|^localhost:/.test(block);
    if (isUrl) {
      const url = trimEnd(block);
      add('url', url, at, text);
      return mask.repeat(url.length) + block.slice(url.length);
    }
    return block.startsWith('data:') || isNoise(block) ? mask.repeat(block.length) : block;
  });
  const search = new RegExp(values);
  for (let match = search.exec(rest); match; match = search.exec(rest)) {
    const group = match.findIndex((piece, index) => index > 0 && piece !== undefined);
    const pattern = valuePatterns[group - 1];
    const isTold =
      pattern !== undefined &&
      (pattern.accepts?.(trimEnd(match[0])) ?? true) &&
      add(pattern.kind, match[0], match.index, rest);
    if (!isTold) search.lastIndex = match.index + 1;
  }
  return found.sort((a, b) => a.at - b.at);
}

/** Without the marks of the sentence around it. A bracket that the value opens stays. */
function trimEnd(value: string): string {
  let end = value.length;
  while (end > 1 && /[.,;:!?*_)\]]/.test(value[end - 1] as string)) {
    const open = { ')': '(', ']': '[' }[value[end - 1] as string];
    if (open && value.slice(0, end).includes(open)) break;
    end--;
  }
  return value.slice(0, end);
}

/** Base64 and its like: letters, capitals and digits change places at almost every step. */
function isNoise(run: string): boolean {
  if (run.length > longestValue) return true;
  if (/^[\da-fA-F-]+$/.test(run) || /^[a-z]{2,12}[_-]\w{1,80}$/.test(run)) return false;
  const kinds = Array.from(run, (mark) => [/[a-z]/, /[A-Z]/, /\d/].findIndex((kind) => kind.test(mark)));
  const changes = kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
  return changes / run.length > 0.45;
}
