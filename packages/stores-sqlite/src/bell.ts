/** Wakes the feeds of this process when it has written, so that they need not wait for their poll. */
export interface Bell {
  ring(): void;
  /** Calls `run` at every ring. Returns a function that ends it. */
  listen(run: () => void): () => void;
}

export function createBell(): Bell {
  const listeners = new Set<() => void>();
  return {
    ring() {
      for (const listener of [...listeners]) listener();
    },
    listen(run) {
      listeners.add(run);
      return () => void listeners.delete(run);
    },
  };
}
