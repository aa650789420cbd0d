import { stemmer } from 'stemmer';

const stopWords = new Set(
  (
    'a about after again all also am an and any are as at be been before being but by can could did do does for from get had has have having he her ' +
    'here him his how i if in into is it its just let ll m may me might my of on or our please re s she should so some than that the their them then ' +
    'there these they this those to too us ve very was we were what when where which who whom whose why will with would you your yours mine t d'
  ).split(' '),
);

// Words that many sentences share: they break ties, and alone they decide only when a question has nothing else.
const weakWords = new Set(
  'answer ask buy call day eat favourite favorite find give go happen kind know like live long love make much many mention name need new now old remember say said see talk tell thing think time told use want work'
    .split(' ')
    .map((word) => stemmer(word)),
);

/** The words of a text that carry meaning, stemmed, each once. Linear in the length of the text. */
export function contentWords(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.filter((word) => !stopWords.has(word)).map((word) => stemmer(word)));
}

export function isWeak(word: string): boolean {
  return weakWords.has(word);
}
