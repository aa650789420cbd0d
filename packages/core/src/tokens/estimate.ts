import type { TokenCounter } from './counter.js';

// Kinds of characters. Beyond ASCII the scripts are told apart by where they lie, roughly.
const [lower, upper, blank, latin, letter, syllable, single] = [0, 1, 4, 6, 7, 8, 9] as const;
/** How many characters of one kind in a row are about one token. */
const longest = [8, 2, 3, Number.POSITIVE_INFINITY, 80, 2, 2, 3, 2, 1];
const longestWord = 24;
/** No name of many words is so long. */
const longestName = 40;
const ascii = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  return [/[a-z]/, /[A-Z]/, /\d/, /[\r\n]/, /[ \t]/, /./].findIndex((kind) => kind.test(character));
});

/**
 * The default counter: an estimate in one pass, at the same cost for every character, without loading. Words, numbers
 * and runs of marks are cut into pieces of about one token. Tuned against `o200k_base`; `npm run bench -- tokens` in the
 * repository shows how near it comes for different texts.
 */
export const estimateCounter: TokenCounter = Object.freeze({
  name: 'estimate',
  errorRatio: 0.2,
  load: () => Promise.resolve(),
  countText(text: string) {
    let tokens = 0;
    let last = -1;
    let run = 0;
    /** Characters of the same kind so far, over all pieces. */
    let stretch = 0;
    /** ASCII letters and digits so far without anything between them. */
    let unbroken = 0;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      const kind =
        code < 128
          ? (ascii[code] as number)
          : code < 0x370
            ? latin
            : code < 0x700
              ? letter
              : code < 0x2000
                ? syllable
                : single;
      stretch = kind === last ? stretch + 1 : 1;
      unbroken = kind <= 2 ? unbroken + 1 : 0;
      // No word is so long: random letters make short tokens.
      const most = kind === lower && stretch > longestWord ? 2 : (longest[kind] as number);
      // One capital belongs to the word that it begins; base64 has capitals, but no words.
      const isWord = unbroken <= longestName;
      const goesOn = kind === last ? run < most : isWord && kind === lower && last === upper && run === 1;
      run = goesOn && kind === last ? run + 1 : 1;
      // One blank belongs to the word that follows it; more of them are a token.
      if (kind === blank ? run === 2 : !goesOn) tokens++;
      last = kind;
    }
    return tokens;
  },
});
