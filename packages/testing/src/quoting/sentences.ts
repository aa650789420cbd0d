const questionStart =
  /^(?:(?:what|who|whose|where|when|which|why|how)(?:['’]s|\s+(?:is|are|am|was|were|do|does|did|will|would|can|could|should|has|have|had|many|much|old|long|often|far|kind|colou?r|time|day)\b)|(?:please\s+)?(?:tell me|remind me|name|list|repeat|recall)\b|(?:do|does|did|can|could) (?:you|i|we|he|she|they|it|my|your|the)\b)/i;

/** Splits a text at the ends of sentences and lines; bullets and tags are taken off. Linear in the length of the text. */
export function splitSentences(text: string): string[] {
  return text
    .replace(/<\/?[a-z][^<>]*>/gi, '\n')
    .split(/(?<=[.!?…]["'”’)]?)\s+|\n+/u)
    .map((sentence) => sentence.replace(/^(?:[-*•>#]\s*)+/, '').trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

/** True for a sentence that asks: it ends with a question mark, or begins the way questions and requests begin. */
export function isQuestion(sentence: string): boolean {
  return /\?["'”’)]?$/.test(sentence) || questionStart.test(sentence);
}
