import { cutText, ownLines, sentences } from './sentences.js';

/** Characters of one decision. */
const longestDecision = 160;

/** Each is a clear sign of a decision or of a rule. */
const cues = new RegExp(
  [
    String.raw`\b(?:we|I)(?:['’]ve| have)? (?:decided|agreed|chose|chosen|settled)\b`,
    String.raw`\bdecided (?:to|on|that|against)\b|\b(?:decision|decided|agreed):`,
    String.raw`\bagreed(?: (?:to|on|that)\b|[.,]|$)|\b(?:have|has|was|were) (?:chosen|agreed)\b|\bchose (?:to|the|a)\b`,
    String.raw`\blet['’]?s (?:use|go with|keep|stick (?:to|with)|not|avoid)\b`,
    String.raw`\bmust(?! (?:have|admit|say|be (?:a|an|the)\b))(?:n['’]t)?\b`,
    String.raw`(?<!\b(?:has|have|had|was|were|is|are|['’]ve) )\bnever\b(?! mind)|(?<!\bas )\balways\b`,
    String.raw`(?<!\b(?:I|we|you|they|it|that|which|who|these|those|people|users) )\b(?:do not|don['’]t)\b(?! (?:worry|know|think|mind|see))`,
    String.raw`\b(?:wir haben|haben wir|habe ich|ich habe) (?:[^\s.]{1,30} ){0,6}(?:entschieden|beschlossen|vereinbart|geeinigt)\b`,
    String.raw`\bniemals\b|(?<!\bwie )\bimmer\b(?! (?:noch|wieder|mehr|weiter))|\bauf keinen Fall\b|\b(?:darf|dürfen) (?:[^\s.]{1,30} ){0,4}nicht\b`,
  ].join('|'),
  'iu',
);

/** Sentences of a text that decide something or set a rule, cut to 160 characters; questions and quotations are none. */
export function findDecisions(text: string): string[] {
  return ownLines(text)
    .flatMap(sentences)
    .flatMap((sentence) => {
      const at = sentence.endsWith('?') ? -1 : sentence.search(cues);
      return at < 0 ? [] : [cutText(from(sentence, at), longestDecision)];
    });
}

/** A long sentence from a word shortly before its cue on. */
function from(sentence: string, at: number): string {
  if (at < longestDecision / 2) return sentence;
  return sentence.slice(sentence.lastIndexOf(' ', at - longestDecision / 4) + 1);
}
