import type { Memory, Store, Thread } from '@loci/core';
import type { Case } from '../kit/suite.js';
import type { TestClock } from '../test-clock.js';

export interface MemorySubject {
  readonly memory: Memory;
  /** Another one, made in the same way on the same store: as after a restart. */
  readonly again: () => Promise<Memory>;
  readonly store: Store;
  readonly thread: Thread;
  readonly clock: TestClock;
}

export function memoryCase(
  id: string,
  title: string,
  run: (subject: MemorySubject) => Promise<void>,
): Case<MemorySubject> {
  return { id, title, run };
}
