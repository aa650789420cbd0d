import type { CallOptions, CallTimeouts } from '@loci/core';

// One getter for all: with one of its own every object would be a shape of its own.
const signal = {
  enumerable: true,
  get(this: AttemptOptions): AbortSignal {
    return this.signalling().signal;
  },
};

/** The options of one attempt. Its signal is made when somebody looks at it: that costs more than the rest of an attempt. */
export class AttemptOptions implements CallOptions {
  declare readonly signal: AbortSignal;
  declare readonly accepts?: readonly 'restart'[];
  readonly timeouts: CallTimeouts;
  #controller: AbortController | undefined;

  constructor(options: CallOptions | undefined, timeouts: CallTimeouts, accepts: CallOptions['accepts']) {
    if (options) Object.assign(this, options);
    this.timeouts = timeouts;
    if (accepts) this.accepts = accepts;
    // A property of its own, so that a copy of the options has it.
    Object.defineProperty(this, 'signal', signal);
  }

  signalling(): AbortController {
    this.#controller ??= new AbortController();
    return this.#controller;
  }
}
