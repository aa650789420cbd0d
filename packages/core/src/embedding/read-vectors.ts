import { malformed } from '../provider/failures.js';
import type { EmbeddingBatch } from './define-embedding-model.js';

/** The vectors of an answer in the order of the texts. Throws `malformed` unless there is exactly one for each, and all are of one length. */
export function readVectors(
  { vectors }: EmbeddingBatch,
  count: number,
  dimensions: number | 'unknown',
): readonly (readonly number[])[] {
  if (!Array.isArray(vectors)) throw malformed('it holds no list of vectors');
  if (vectors.length !== count) throw malformed(`it holds ${vectors.length} vectors for ${count} texts`);
  const ordered = Array.from<readonly number[] | undefined>({ length: count });
  for (const { index, vector } of vectors as EmbeddingBatch['vectors']) {
    if (!Number.isInteger(index) || index < 0 || index >= count || ordered[index])
      throw malformed('its vectors do not belong to the texts');
    ordered[index] = vector;
  }
  const length = dimensions === 'unknown' ? ordered[0]?.length : dimensions;
  return ordered.map((vector) => {
    if (!Array.isArray(vector) || vector.length === 0 || !vector.every((value) => Number.isFinite(value)))
      throw malformed('a vector is not a list of numbers');
    if (vector.length !== length)
      throw malformed(`a vector has ${vector.length} numbers where ${length} were expected`);
    return vector as readonly number[];
  });
}
