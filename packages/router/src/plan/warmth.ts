import type { ChatRequest } from '@loci/core';
import type { Member } from './member.js';

/** Conversations remembered; the one that was quiet for longest goes first. */
const most = 1000;

/** Which model answered a conversation last, and so probably holds its beginning in its prompt cache. */
export interface Warmth {
  find(request: ChatRequest): string | undefined;
  note(request: ChatRequest, member: Member): void;
}

export function createWarmth(): Warmth {
  const ids = new Map<string, string>();
  return {
    find: ({ cache }) => cache && ids.get(cache.affinityKey),
    note({ cache }, { id }) {
      if (!cache) return;
      ids.delete(cache.affinityKey);
      ids.set(cache.affinityKey, id);
      if (ids.size <= most) return;
      for (const oldest of ids.keys()) {
        ids.delete(oldest);
        return;
      }
    },
  };
}
