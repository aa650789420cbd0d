import type { CallOptions, ChatEvent, ChatRequest } from '@loci/core';
import type { Attempt, Follower } from './attempt.js';
import type { Engine } from './engine.js';
import { Search } from './search.js';

type Result = IteratorResult<ChatEvent, void>;
const done: Result = { done: true, value: undefined };

/**
 * The stream of a routed call. Once an answer has begun, an event passes with one promise and no timer of its own.
 */
export class RoutedStream implements AsyncIterableIterator<ChatEvent, void, undefined>, Follower {
  readonly #engine: Engine;
  readonly #request: ChatRequest;
  readonly #options: CallOptions | undefined;
  #search: Search | undefined;
  #current: Attempt | undefined;
  /** Goes on after a restart was told. */
  #held: Attempt | undefined;
  #over = false;
  #pending: Promise<Result> | undefined;
  #resolve: (result: Result | Promise<Result>) => void = () => {};

  constructor(engine: Engine, request: ChatRequest, options: CallOptions | undefined) {
    this.#engine = engine;
    this.#request = request;
    this.#options = options;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Result> {
    if (this.#pending) {
      const again = () => this.next();
      return this.#pending.then(again, again);
    }
    if (this.#over) return Promise.resolve(done);
    const current = this.#current;
    if (!current) this.#pending = this.#begin();
    else if (this.#held) this.#pending = this.#follow(this.#held);
    else if (current.error) this.#pending = this.#recover(current);
    else this.#pending = new Promise(this.#pull);
    return this.#pending;
  }

  async return(): Promise<Result> {
    if (!this.#over) {
      this.#over = true;
      if (this.#current) this.#current.follower = undefined;
      await this.#search?.leave();
    }
    return done;
  }

  event(result: Result): void {
    const { value } = result;
    const search = this.#search;
    if (!value || !search) return;
    const { continuation } = search;
    if (value.type === 'finish') this.#finish(search);
    else if (continuation && value.type !== 'restart') {
      const event = continuation.apply(value);
      if (event) this.#pass({ done: false, value: event });
      else this.#current?.pull();
    } else this.#pass(result);
  }

  broke(): void {
    // Where nobody waits for an event, the next one who does is told.
    if (this.#pending && this.#current) this.#resolve(this.#recover(this.#current));
  }

  readonly #pull = (resolve: (result: Result | Promise<Result>) => void): void => {
    this.#resolve = resolve;
    this.#current?.pull();
  };

  #pass(result: Result): void {
    this.#pending = undefined;
    this.#resolve(result);
  }

  async #begin(): Promise<Result> {
    try {
      this.#search = new Search(this.#engine, this.#request, this.#options, false);
      return await this.#follow(await this.#search.find());
    } catch (error) {
      throw this.#ended(error);
    }
  }

  /** Hands out what an attempt began with, and then whatever comes of it. */
  #follow(attempt: Attempt): Promise<Result> {
    this.#held = undefined;
    this.#current = attempt;
    return new Promise((resolve) => {
      this.#resolve = resolve;
      attempt.follower = this;
      // Not before the caller has noted that this is pending.
      queueMicrotask(() => attempt.first && this.event(attempt.first));
    });
  }

  async #recover(broken: Attempt): Promise<Result> {
    const search = this.#search;
    if (!search || !broken.error) return done;
    const reason = broken.error.kind;
    const before = search.continuation;
    try {
      const attempt = await search.recover(broken, broken.error);
      if (search.continuation !== before) return await this.#follow(attempt);
      this.#held = attempt;
      this.#pending = undefined;
      return { done: false, value: { type: 'restart', reason } };
    } catch (error) {
      throw this.#ended(error);
    }
  }

  #ended(error: unknown): unknown {
    this.#over = true;
    this.#pending = undefined;
    return error;
  }

  #finish(search: Search): void {
    const attempt = this.#current;
    const response = attempt?.response;
    if (!attempt || !response) return;
    const rest = search.continuation?.rest();
    if (rest) {
      // The finish follows when it is asked for.
      attempt.first = { done: false, value: { type: 'finish', response } };
      this.#held = attempt;
      this.#pass({ done: false, value: rest });
      return;
    }
    const finish = () => {
      this.#over = true;
      this.#pass({ done: false, value: { type: 'finish', response: search.finish(attempt, response) } });
    };
    if (search.closing.length === 0) finish();
    else void Promise.all(search.closing).then(finish);
  }
}
