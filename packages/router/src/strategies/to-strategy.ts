import { InvalidInputError } from '@loci/core';
import { random, weighted } from './by-chance.js';
import { cost } from './cost.js';
import { inOrder, roundRobin } from './list-order.js';
import { performance } from './performance.js';
import { reliability } from './reliability.js';
import type { Strategy } from './strategy.js';

const named = {
  'in-order': inOrder,
  reliability,
  performance,
  cost,
  'round-robin': roundRobin,
  random,
  weighted,
} as const satisfies { readonly [name: string]: () => Strategy };

/** Each is the strategy of the function with that name, with its defaults. */
export type StrategyName = keyof typeof named;

/** A strategy by its name, or one's own as it is. Throws `InvalidInputError` for `options.optimizeFor`. */
export function toStrategy(given: StrategyName | Strategy): Strategy {
  if (typeof given === 'string' && Object.hasOwn(named, given)) return named[given]();
  if (typeof given === 'object' && typeof given?.rank === 'function' && typeof given.name === 'string')
    return given;
  const names = Object.keys(named).join(', ');
  throw new InvalidInputError(
    'options.optimizeFor',
    `is neither one of ${names} nor a strategy with a name and rank`,
  );
}
