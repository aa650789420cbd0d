type Carrier = RequestInit & { readonly lociSignal?: AbortSignal };

/**
 * For clients that take `fetchOptions` with a call: what hands the signal of the call to a `fetch` made by `withSignals`.
 * A client's own `signal` option costs a fifth of a call where it keeps track of signals by weak references and finalizers.
 */
export function carrySignal(signal: AbortSignal): object {
  return { lociSignal: signal } satisfies Carrier;
}

/** A `fetch` that is also stopped by the signal that the call carries. @default over the platform's, as it is at the call */
export function withSignals(fetch?: typeof globalThis.fetch): typeof globalThis.fetch {
  return (input, init: Carrier = {}) => {
    const { lociSignal, signal, ...rest } = init;
    const controller = new AbortController();
    for (const source of [lociSignal, signal]) {
      const stop = () => controller.abort(source?.reason);
      if (source?.aborted) stop();
      source?.addEventListener('abort', stop, { once: true });
    }
    return (fetch ?? globalThis.fetch)(input, { ...rest, signal: controller.signal });
  };
}
