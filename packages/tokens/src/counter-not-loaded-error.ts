import { LociError } from '@loci/core';

/** Thrown by `countText` before `load()` has resolved. Nothing was counted. */
export class CounterNotLoadedError extends LociError {
  /** Name of the counter, for example `tiktoken/o200k_base`. */
  readonly counter: string;

  constructor(counter: string) {
    super('COUNTER_NOT_LOADED', `${counter} is not loaded. Await its load() before the first count.`);
    this.counter = counter;
  }

  static override isInstance(error: unknown): error is CounterNotLoadedError {
    return LociError.isInstance(error) && error.code === 'COUNTER_NOT_LOADED';
  }
}
