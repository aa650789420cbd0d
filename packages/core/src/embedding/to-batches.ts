const encoder = new TextEncoder();

/**
 * Texts in as few requests as the vendor's limits allow, in order. No token is shorter than a byte, so bytes stand for
 * tokens: a request is never too long. A text that is longer than a request alone goes alone, for the vendor to judge.
 */
export function toBatches(
  texts: readonly string[],
  { inputs = Number.POSITIVE_INFINITY, tokens = Number.POSITIVE_INFINITY },
): readonly (readonly string[])[] {
  const batches: string[][] = [];
  let bytes = 0;
  for (const text of texts) {
    const length = encoder.encode(text).length;
    const batch = batches.at(-1);
    if (batch && batch.length < inputs && bytes + length <= tokens) {
      batch.push(text);
      bytes += length;
    } else {
      batches.push([text]);
      bytes = length;
    }
  }
  return batches;
}
