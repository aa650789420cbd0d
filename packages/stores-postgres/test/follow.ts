import type { Change, ChangeFeed } from '@loci/core';

/** Follows a feed; `seen` grows while the test goes on. */
export function follow(feed: ChangeFeed, prefix: readonly string[], signal: AbortSignal) {
  const seen: Change[] = [];
  const done = (async () => {
    for await (const change of feed.watch(prefix, { signal })) seen.push(change);
  })();
  return { seen, done };
}
