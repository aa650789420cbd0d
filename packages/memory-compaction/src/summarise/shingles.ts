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

/** Every sequence of so many words, once. */
export function shingles(words: readonly string[], length: number): ReadonlySet<string> {
  return new Set(sequences(words, length));
}

/** How many of these sequences stand in other words. */
export function countShared(own: ReadonlySet<string>, words: readonly string[], length: number): number {
  if (own.size === 0) return 0;
  const shared = new Set<string>();
  for (const sequence of sequences(words, length)) if (own.has(sequence)) shared.add(sequence);
  return shared.size;
}

function* sequences(words: readonly string[], length: number): Generator<string> {
  for (let end = length; end <= words.length; end++) yield words.slice(end - length, end).join(' ');
}
