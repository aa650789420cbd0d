import type { Key, SearchIndex, Store } from '@loci/core';
import type { Link } from './link.js';

/** The search index of the server. Nothing of it is kept here: it is gone while the server is. */
export function createSearch(
  search: NonNullable<Store['search']>,
  link: Link,
  ms: number,
  enter: (space: Key) => void,
): SearchIndex {
  const ask = async <T>(space: Key, run: () => Promise<T>) => {
    enter(space);
    return link.ask(space, ms, undefined, run);
  };
  return Object.freeze<SearchIndex>({
    open: (space, settings) => ask(space, () => search.open(space, settings)),
    upsert: (space, items, options) => ask(space, () => search.upsert(space, items, options)),
    query: (space, query) => ask(space, () => search.query(space, query)),
    delete: (space, ids) => ask(space, () => search.delete(space, ids)),
  });
}
