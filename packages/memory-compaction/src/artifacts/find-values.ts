import type { Artifact } from './artifact.js';
import { isWhole, mask } from './is-whole.js';
import { valuePatterns } from './value-patterns.js';

/** A value and where it begins. */
interface Found extends Artifact {
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
const singly = valuePatterns.map(({ kind, pattern, accepts }) => ({
  kind,
  pattern: new RegExp(pattern, 'uy'),
  accepts,
}));

/**
 * The exact values in a text but for its decisions, in order, with repetitions. What stands inside a URL or a path is
 * not told again. Linear in the length of the text.
 */
export function findValues(text: string): Found[] {
  const found: Found[] = [];
  const add = (kind: Artifact['kind'], given: string, at: number, within: string) => {
    const value = kind === 'url' || kind === 'path' ? trimEnd(given) : given;
    const isTold =
      value.length <= longestValue &&
      // A path that a URL runs into, say: nobody wrote it like that.
      !value.includes(mask) &&
      isWhole(kind, within, at, at + value.length) &&
      (within === text || isWhole(kind, text, at, at + value.length));
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
  values.lastIndex = 0;
  for (let match = values.exec(rest); match; match = values.exec(rest)) {
    const at = match.index;
    // What stands there may be refused, and be a value of a pattern further down.
    const isTold = singly.slice(match.indexOf(match[0], 1) - 1).some(({ kind, pattern, accepts }) => {
      pattern.lastIndex = at;
      const [value] = pattern.exec(rest) ?? [];
      return value !== undefined && (accepts?.(trimEnd(value)) ?? true) && add(kind, value, at, rest);
    });
    // A search from the middle of a surrogate pair would begin with the pair again.
    const step = (rest.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    values.lastIndex = at + ((isTold && found.at(-1)?.value.length) || step);
  }
  return found.sort((a, b) => a.at - b.at);
}

/** Without the marks of the sentence around it. A bracket that the value opens stays. */
function trimEnd(value: string): string {
  let end = value.length;
  const open = { ')': surplus(value, '(', ')'), ']': surplus(value, '[', ']') };
  while (end > 1) {
    const mark = value[end - 1] as string;
    if (mark === ')' || mark === ']') {
      if (open[mark] >= 0) break;
      open[mark]++;
    } else if (!/[.,;:!?*_]/.test(mark)) break;
    end--;
  }
  return value.slice(0, end);
}

function surplus(value: string, open: string, close: string): number {
  return value.split(open).length - value.split(close).length;
}

/** Base64 and its like: letters, capitals and digits change places at almost every step. */
function isNoise(run: string): boolean {
  if (run.length > longestValue) return true;
  if (/^[\da-fA-F-]+$/.test(run) || /^[a-z]{2,12}[_-]\w{1,80}$/.test(run)) return false;
  const kinds = Array.from(run, (mark) => [/[a-z]/, /[A-Z]/, /\d/].findIndex((kind) => kind.test(mark)));
  const changes = kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
  return changes / run.length > 0.45;
}
