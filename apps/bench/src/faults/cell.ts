import {
  type CallOptions,
  type ChatResponse,
  type Clock,
  createMessage,
  ModelError,
  messageText,
} from '@loci/core';
import { listedPrices } from '@loci/prices';
import {
  createRouter,
  type Route,
  type Router,
  type RouterEvent,
  type RouterOptions,
  routeOf,
} from '@loci/router';
import { createFastClock } from './fast-clock.js';
import { type DialectName, otherThan, startVendor, type Vendor } from './vendor.js';

/** One fault of one dialect, streamed or not: a primary, a fallback of another vendor, and time that is fast. */
export interface Cell {
  readonly primary: Vendor;
  readonly fallback: Vendor;
  readonly streamed: boolean;
  readonly clock: Clock;
  readonly events: readonly RouterEvent[];
  /** A router over `primary` and `fallback`, in this order. */
  route(options?: Partial<RouterOptions>): Router;
  ask(router: Router, options?: CallOptions): Promise<Asked>;
}

/** What a caller saw of one request. */
export interface Asked {
  /** What a reader of the stream had at its end; without a stream the text of the answer. */
  readonly text: string;
  readonly response?: ChatResponse;
  readonly error?: ModelError;
  readonly route: Route | undefined;
  /** Milliseconds of the fast clock. */
  readonly ms: number;
}

const question = { messages: [createMessage({ role: 'user', content: 'Count.' })] };

/** Limits of every attempt, in the time of the fast clock. */
export const limits = { headersMs: 10_000, firstContentMs: 10_000, idleMs: 10_000 };
/** Of every request. */
export const deadlineMs = 60_000;

/** Opens a cell, runs `use` in it and leaves nothing open. */
export async function withCell<T>(
  dialect: DialectName,
  streamed: boolean,
  use: (cell: Cell) => Promise<T>,
): Promise<T> {
  const clock = createFastClock();
  const [primary, fallback] = [await startVendor(dialect), await startVendor(otherThan(dialect))];
  const events: RouterEvent[] = [];
  try {
    return await use({
      primary,
      fallback,
      streamed,
      clock,
      events,
      route(options) {
        return createRouter({
          models: [
            { id: 'primary', model: primary.connect({ clock }) },
            { id: 'fallback', model: fallback.connect({ clock }) },
          ],
          timeouts: limits,
          prices: listedPrices,
          clock,
          onEvent: (event) => events.push(event),
          ...options,
        });
      },
      ask: (router, options) => ask(router, streamed, clock, options),
    });
  } finally {
    await Promise.all([primary.server.close(), fallback.server.close()]);
  }
}

async function ask(
  router: Router,
  streamed: boolean,
  clock: Clock,
  options: CallOptions = {},
): Promise<Asked> {
  const start = clock.now();
  const call = { deadlineAt: start + deadlineMs, ...options };
  let text = '';
  let response: ChatResponse | undefined;
  try {
    if (streamed) {
      for await (const event of router.stream(question, call)) {
        if (event.type === 'restart') text = '';
        if (event.type === 'text-delta') text += event.text;
        if (event.type === 'finish') response = event.response;
      }
    } else {
      response = await router.generate(question, call);
      text = messageText(response.message);
    }
    if (!response) throw new Error('The stream ended without `finish`.');
    return { text, response, route: routeOf(response), ms: clock.now() - start };
  } catch (error) {
    if (!ModelError.isInstance(error)) throw error;
    return {
      text,
      error,
      route: 'route' in error ? (error.route as Route) : undefined,
      ms: clock.now() - start,
    };
  }
}
