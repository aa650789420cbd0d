import type { Encoder } from './encodings.js';

/** UTF-8 bytes of a piece from which on it is cut; what the pattern leaves shorter is counted whole, and so exactly. */
const longestWhole = 256;
/** UTF-8 bytes of what a long piece is cut into; the longest tokens, runs of one mark, have powers of two. */
const longestPart = 128;
/** What the parts of a long piece count more, since a cut can hide tokens: no run was found that needs more than 1.032. */
const caution = 1.05;
/** Characters to encode at once: bounds the memory tiktoken takes, and the harm where its Unicode tables differ from ours. */
const longestChunk = 4096;
/** Text whose pieces are no longer than this on average (base64, say) costs most; such short pieces repeat, so each is counted once. */
const shortPiece = 3;
const rememberedPieces = 65_536;

/**
 * The counter of one encoder, linear in the length of the text. The text is split where the encoding's own pattern
 * splits it, which changes no count, and a piece that is too long for a quadratic encoder is cut into parts, which may
 * count a little more than the whole.
 */
export function countLinear(encoder: Encoder): (text: string) => number {
  const pieces = new RegExp(boundedSource(encoder.pattern), 'gu');
  // Not taken out of the encoder, which lives for as long as somebody refers to it.
  const count = (text: string) => encoder.count(text);
  return (text) => {
    pieces.lastIndex = 0;
    const remember = countOnce(count);
    let tokens = 0;
    /** Tokens of the parts of long pieces. */
    let cutTokens = 0;
    let start = 0;
    /** Ends of the pieces that are not counted yet. */
    let ends: number[] = [];
    const flush = () => {
      const end = ends.at(-1) ?? start;
      if (ends.length * shortPiece < end - start) {
        tokens += count(text.slice(start, end));
      } else {
        for (const to of ends) {
          const piece = text.slice(start, to);
          tokens += piece.length > shortPiece ? count(piece) : remember(piece);
          start = to;
        }
      }
      start = end;
      ends = [];
    };
    for (let from = 0; pieces.test(text); from = pieces.lastIndex) {
      const end = pieces.lastIndex;
      const long = isLong(text, from, end);
      if (long || end - start > longestChunk) flush();
      if (!long) {
        ends.push(end);
        continue;
      }
      for (const part of cut(text, from, end)) cutTokens += remember(part);
      start = end;
    }
    flush();
    return tokens + Math.ceil(cutTokens * caution);
  };
}

function countOnce(count: (piece: string) => number): (piece: string) => number {
  const known = new Map<string, number>();
  return (piece) => {
    const tokens = known.get(piece) ?? count(piece);
    if (known.size >= rememberedPieces) known.clear();
    known.set(piece, tokens);
    return tokens;
  };
}

/**
 * The pattern for this engine: without `(?i:…)`, which Node 22 does not know; white space as Rust defines it; and bounded
 * repetitions, so that a run of any length takes a bounded number of steps per character and little stack.
 */
function boundedSource(pattern: string): string {
  return pattern
    .replaceAll(/\(\?i:([^)]*)\)/g, (_, group: string) => `(?:${group.replaceAll(/[a-z]/g, eitherCase)})`)
    .replaceAll('\\s', '\\p{White_Space}')
    .replaceAll('\\S', '\\P{White_Space}')
    .replaceAll('+', `{1,${longestWhole}}`)
    .replaceAll('*', `{0,${longestWhole}}`);
}

function eitherCase(letter: string): string {
  return letter === 's' ? '[sSſ]' : `[${letter}${letter.toUpperCase()}]`;
}

/** A match that reached a bound of the pattern has that many characters, and so is long. */
function isLong(text: string, start: number, end: number): boolean {
  if ((end - start) * 3 < longestWhole) return false;
  let bytes = 0;
  for (let index = start; index < end; index++) bytes += bytesOf(text.charCodeAt(index));
  return bytes >= longestWhole;
}

function* cut(text: string, start: number, end: number): Generator<string, void, undefined> {
  let from = start;
  let bytes = 0;
  for (let index = start; index < end; ) {
    const length = (text.codePointAt(index) as number) > 0xffff ? 2 : 1;
    const size = length === 2 ? 4 : bytesOf(text.charCodeAt(index));
    if (bytes + size > longestPart) {
      yield text.slice(from, index);
      from = index;
      bytes = 0;
    }
    bytes += size;
    index += length;
  }
  yield text.slice(from, end);
}

/** In UTF-8; two for each half of a pair, and three for a lone half, which becomes a replacement character. */
function bytesOf(unit: number): number {
  if (unit < 0x80) return 1;
  return unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
}
