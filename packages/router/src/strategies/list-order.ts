import { byPosition } from './sorted.js';
import type { Strategy } from './strategy.js';

/** The order of the list: the first that can answers, the others stand by. */
export function inOrder(): Strategy {
  return {
    name: 'in-order',
    rank: (candidates) =>
      byPosition(candidates).map(({ id, position }) => ({
        id,
        score: position,
        why: `number ${position + 1} in the list`,
      })),
  };
}

/** Each request begins with the next candidate, and goes on in the order of the list. */
export function roundRobin(): Strategy {
  return {
    name: 'round-robin',
    rank(candidates, { sequence }) {
      const turn = candidates.length === 0 ? 0 : sequence % candidates.length;
      const inTurn = byPosition(candidates);
      return [...inTurn.slice(turn), ...inTurn.slice(0, turn)].map(({ id }, score) => ({
        id,
        score,
        why: score === 0 ? 'it is its turn' : `${score} after the one whose turn it is`,
      }));
    },
  };
}
