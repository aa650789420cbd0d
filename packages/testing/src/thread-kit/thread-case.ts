import type { ChatModel, Store, Thread, ThreadOptions } from '@loci/core';
import type { ModelWithMemory, WithMemoryOptions } from '@loci/core/turn';
import type { Case } from '../kit/suite.js';
import type { TestClock } from '../test-clock.js';

/** What a thread is made with; replaced where a thread of one's own is to be proved. */
export interface ThreadMaker {
  readonly openThread: (options: ThreadOptions) => Thread;
  readonly withMemory: (model: ChatModel, options: WithMemoryOptions) => ModelWithMemory;
}

export interface ThreadSubject extends ThreadMaker {
  readonly store: Store;
  readonly clock: TestClock;
}

export function threadCase(
  id: string,
  title: string,
  run: (subject: ThreadSubject) => Promise<void>,
): Case<ThreadSubject> {
  return { id, title, run };
}
