import { estimateTokens } from '../loopback/texts.js';
import { contentWords } from '../quoting/words.js';

const size = 64;

/** A vector for each text: its words, hashed. Texts that share words are near each other; nothing is understood. */
export function toEmbeddings(body: { readonly model: string; readonly input: unknown }, id: string) {
  const inputs = (Array.isArray(body.input) ? body.input : [body.input]).map(String);
  const tokens = inputs.reduce((sum, text) => sum + estimateTokens(text), 0);
  return {
    id,
    object: 'list',
    model: body.model,
    data: inputs.map((text, index) => ({ object: 'embedding', embedding: toVector(text), index })),
    usage: { prompt_tokens: tokens, completion_tokens: 0, total_tokens: tokens },
  };
}

function toVector(text: string): number[] {
  const vector = Array.from({ length: size }, () => 0);
  for (const word of contentWords(text)) {
    let hash = 0;
    for (const character of word) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % size;
    vector[hash] = (vector[hash] ?? 0) + 1;
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}
