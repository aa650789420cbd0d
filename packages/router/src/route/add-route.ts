import type { ChatResponse } from '@loci/core';
import type { Route } from './route.js';

const build = Symbol('route');

// One getter for all: with one of its own every answer would be a shape of its own.
const router = {
  enumerable: true,
  configurable: true,
  get(this: { [build]: () => Route }): Route {
    const route = this[build]();
    this[build] = () => route;
    return route;
  },
};

/** The notes of an answer with its route, which is made when somebody looks at it. */
export function addRoute(
  notes: ChatResponse['notes'],
  make: () => Route,
): NonNullable<ChatResponse['notes']> {
  const all = { ...notes };
  Object.defineProperty(all, build, { value: make, writable: true });
  return Object.defineProperty(all, 'router', router);
}
