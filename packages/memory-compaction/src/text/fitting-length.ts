/**
 * How many characters of a text to take so that they fit: as many as do, but at least one, and no half of a pair.
 * Asks about texts of the size of the answer, however long the whole is.
 */
export function fittingLength(text: string, fits: (start: string) => boolean): number {
  let low = 0;
  let high = Math.min(256, text.length);
  while (high < text.length && fits(text.slice(0, high))) {
    low = high;
    high = Math.min(high * 2, text.length);
  }
  if (fits(text.slice(0, high))) return high;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fits(text.slice(0, middle))) low = middle;
    else high = middle;
  }
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(low - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(low));
  const end = splitsPair ? low - 1 : low;
  return Math.max(end, /^[\uD800-\uDBFF][\uDC00-\uDFFF]/.test(text) ? 2 : 1);
}
