import type { Candidate, Ranked } from './strategy.js';

/** In the order of the list the router was made with, so that a result never depends on the order of the arguments. */
export function byPosition(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.toSorted((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1));
}

/** Lowest score first; equal scores stay in the order they have. */
export function byScore<T extends Pick<Ranked, 'score'>>(ranked: readonly T[]): readonly T[] {
  return ranked.toSorted((a, b) => a.score - b.score);
}
