import { isQuestion, splitSentences } from './sentences.js';
import { contentWords, isWeak } from './words.js';

/** What a user must be told wherever the answers of `quotingAnswer` are shown. */
export const quotingDescription =
  'Stand-in, not a language model: it can only quote the sentence of its prompt that fits the question best, or say that it does not know.';

/** The model id under which the quoting answerer appears. */
export const quotingModelId = 'stand-in-quoting';

const doesNotKnow = 'I do not know: nothing in my prompt answers that.';
const acknowledgement = 'Noted.';

/** A message of a prompt, reduced to its texts: one string per part. */
export interface PromptTexts {
  readonly role: string;
  readonly texts: readonly string[];
}

/**
 * Answers with the sentence of the prompt that shares the most words with the question, word for word, or says that
 * it does not know: so an answer shows what was put into the prompt. The question is the last sentence that asks in the
 * last text of the last user message; without one the answer is a short acknowledgement. Everything else in the prompt
 * can be quoted, except questions and what the assistant said. On a tie the later sentence wins.
 *
 * INVARIANT: linear in the length of the prompt.
 *
 * @example
 * quotingAnswer([
 *   { role: 'user', texts: ['My dog is called Rex.'] },
 *   { role: 'user', texts: ['What is my dog called?'] },
 * ]); // 'My dog is called Rex.'
 */
export function quotingAnswer(prompt: readonly PromptTexts[]): string {
  const last = prompt.findLastIndex((message) => message.role === 'user');
  const asked = splitSentences(prompt[last]?.texts.at(-1) ?? '');
  const question = asked.findLast(isQuestion);
  if (question === undefined) return acknowledgement;

  const sources = prompt.flatMap(({ role, texts }, index) => {
    if (role === 'assistant') return [];
    return (index === last ? texts.slice(0, -1) : texts).flatMap(splitSentences);
  });
  return bestFit(question, [...sources, ...asked].filter(isQuotable)) ?? doesNotKnow;
}

function isQuotable(sentence: string): boolean {
  return !isQuestion(sentence) && !/^(?:\w+:\s*)?(?:I do not know\b|Noted\.$)/.test(sentence);
}

/** The sentence that covers at least half of the words that matter, the rarest words counting most. */
function bestFit(question: string, sentences: readonly string[]): string | undefined {
  const words = [...contentWords(question)];
  const strong = words.filter((word) => !isWeak(word));
  const needed = strong.length > 0 ? strong : words;
  const found = sentences.map((sentence) => contentWords(sentence));
  const weight = new Map(
    words.map((word) => {
      const holders = found.filter((candidate) => candidate.has(word)).length;
      return [word, Math.log(1 + sentences.length / (holders + 1)) * (needed.includes(word) ? 1 : 0.25)];
    }),
  );

  let best: { readonly sentence: string; readonly score: number } | undefined;
  for (const [index, sentence] of sentences.entries()) {
    const candidate = found[index] ?? new Set();
    const covered = needed.filter((word) => candidate.has(word)).length;
    if (covered === 0 || covered * 2 < needed.length) continue;
    const score = words.reduce((sum, word) => sum + (candidate.has(word) ? (weight.get(word) ?? 0) : 0), 0);
    if (!best || score >= best.score) best = { sentence, score };
  }
  return best?.sentence;
}
