import type { ChatResponse } from '@loci/core';
import type { Route } from './route.js';

interface Source {
  readonly route: Route;
}

const source = Symbol('route');

// One getter for all: with one of its own every answer would be a shape of its own.
const router = {
  enumerable: true,
  configurable: true,
  get(this: { readonly [source]: Source }): Route {
    return this[source].route;
  },
};

/** The notes of an answer with its route, which is made when somebody looks at it. */
export function addRoute(notes: ChatResponse['notes'], from: Source): NonNullable<ChatResponse['notes']> {
  const all = { ...notes };
  Object.defineProperty(all, source, { value: from });
  return Object.defineProperty(all, 'router', router);
}
