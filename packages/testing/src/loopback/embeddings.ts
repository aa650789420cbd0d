import { contentWords } from '../quoting/words.js';

/** One vector as both vendors send it. */
export interface EmbeddingItem {
  readonly object: 'embedding';
  readonly index: number;
  readonly embedding: readonly number[];
}

/** What is sent in place of the vectors: in another order, fewer, or none at all. */
export type ChangeEmbeddings = (items: readonly EmbeddingItem[]) => readonly unknown[];

/** The texts of a request, which may be a single one. */
export function textsOf(input: unknown): readonly string[] {
  return (Array.isArray(input) ? input : [input]).map(String);
}

/** A vector for each text: its words, hashed. Texts that share words are near each other; nothing is understood. */
export function toEmbeddingItems(texts: readonly string[], size: number): EmbeddingItem[] {
  return texts.map((text, index) => ({ object: 'embedding', embedding: toVector(text, size), index }));
}

function toVector(text: string, size: number): number[] {
  const vector = Array.from({ length: size }, () => 0);
  for (const word of contentWords(text)) {
    let hash = 0;
    for (const character of word) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % size;
    vector[hash] = (vector[hash] ?? 0) + 1;
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}
