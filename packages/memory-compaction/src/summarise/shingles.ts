/** The words of a text in lower case. In scripts that put no blanks between words, each character is one. */
export function wordsOf(text: string): readonly string[] {
  return (
    text
      .toLowerCase()
      .match(
        /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{N}])+/gu,
      ) ?? []
  );
}

/** Every sequence of so many words, once, as a number: two different ones are the same by a chance of one in 2^53. */
export function shingles(words: readonly string[], length: number): ReadonlySet<number> {
  return new Set(sequences(words, length));
}

/** How many of these sequences stand in other words. */
export function countShared(own: ReadonlySet<number>, words: readonly string[], length: number): number {
  if (own.size === 0) return 0;
  const shared = new Set<number>();
  for (const sequence of sequences(words, length)) if (own.has(sequence)) shared.add(sequence);
  return shared.size;
}

// Numbers, because joining eight words at every word of a long text takes ten times as long.
function* sequences(words: readonly string[], length: number): Generator<number> {
  const codes = Int32Array.from(words, toCode);
  for (let end = length; end <= codes.length; end++) {
    let [a, b] = [0, 0];
    for (let index = end - length; index < end; index++) {
      const code = codes[index] as number;
      a = Math.imul(a ^ code, 2654435761) ^ (a >>> 15);
      b = Math.imul(b + code, 1597334677) ^ (b >>> 13);
    }
    yield (a >>> 0) * 2 ** 21 + (b >>> 11);
  }
}

function toCode(word: string): number {
  let code = 0;
  for (let index = 0; index < word.length; index++)
    code = Math.imul(code ^ word.charCodeAt(index), 2246822507) ^ (code >>> 13);
  return code;
}
