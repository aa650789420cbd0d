import type { TokenCounter } from './counter.js';

/**
 * The default counter: an estimate from the kinds of characters, one pass over the text, no tables and no loading.
 * Tuned against `o200k_base`; the figures and their spread stand in this package's README.
 */
export const estimateCounter: TokenCounter = Object.freeze({
  name: 'estimate',
  errorRatio: 0.2,
  load: () => Promise.resolve(),
  countText: (text: string) => Math.ceil(estimate(text)),
});

type Kind =
  | 'space'
  | 'break'
  | 'lower'
  | 'upper'
  | 'digit'
  | 'mark'
  | 'latin'
  | 'letter'
  | 'syllable'
  | 'wide'
  | 'other';

function estimate(text: string): number {
  let tokens = 0;
  let index = 0;
  let mixed = 0;
  while (index < text.length) {
    const start = index;
    const kind = kindOf(text.charCodeAt(index));
    index++;
    while (index < text.length && continues(kind, kindOf(text.charCodeAt(index)))) index++;
    const length = index - start;
    // One capital belongs to the word that follows it.
    if (
      kind === 'upper' &&
      length === 1 &&
      mixed === 0 &&
      index < text.length &&
      kindOf(text.charCodeAt(index)) === 'lower'
    )
      continue;
    // Code and base64 change case or kind inside a word, and such words break into short tokens.
    const joins = isWord(kind) && start > 0 && isWord(kindOf(text.charCodeAt(start - 1)));
    mixed = joins ? mixed + 1 : 0;
    tokens += mixed > 3 ? length / 1.4 : cost(kind, length);
  }
  return tokens;
}

function cost(kind: Kind, length: number): number {
  switch (kind) {
    case 'space':
      return length > 1 ? 1 + length / 100 : 0;
    case 'break':
      return 1;
    case 'lower':
      return length < 8 ? 1 : 1 + (length - 7) / 4;
    case 'upper':
      return length < 3 ? 1 : length / 2.2;
    case 'digit':
      return Math.ceil(length / 3);
    case 'mark':
      return 0.8 + (length - 1) / 2.5;
    case 'latin':
      return length / 1.8;
    case 'letter':
      return length / 2.6;
    case 'syllable':
      return length / 1.8;
    case 'wide':
      return length * 0.9;
    case 'other':
      return length;
  }
}

function continues(kind: Kind, next: Kind): boolean {
  return kind === next || (kind === 'latin' && next === 'lower') || (kind === 'lower' && next === 'latin');
}

function isWord(kind: Kind): boolean {
  return kind === 'lower' || kind === 'upper' || kind === 'digit';
}

function kindOf(code: number): Kind {
  if (code < 0x80) {
    if (code >= 0x61 && code <= 0x7a) return 'lower';
    if (code === 0x20 || code === 0x09) return 'space';
    if (code === 0x0a || code === 0x0d) return 'break';
    if (code >= 0x41 && code <= 0x5a) return 'upper';
    if (code >= 0x30 && code <= 0x39) return 'digit';
    return 'mark';
  }
  if (code < 0x370) return 'latin';
  if (code < 0x700) return 'letter';
  if (code < 0x2000) return 'syllable';
  if (code >= 0xd800 && code <= 0xdfff) return 'other';
  if (
    (code >= 0x2e80 && code <= 0x9fff) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff)
  )
    return 'wide';
  return 'other';
}
