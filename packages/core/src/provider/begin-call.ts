import { type Clock, systemClock } from '../clock.js';
import type { LociError } from '../errors/loci-error.js';
import { type CallGuard, guardCall } from '../model/call-guard.js';
import type { CallOptions } from '../model/model.js';
import { type Endpoint, resolveEndpoint, type Vendor } from './endpoint.js';
import { orAborted } from './or-aborted.js';
import { resolveKey } from './resolve-key.js';
import { createScrub, type Scrub } from './scrub.js';
import { defaultTimeouts, type ProviderSettings } from './settings.js';

/** What is known of a call when it fails; `send` adds what it learns. */
export interface CallFacts {
  readonly provider: string;
  readonly clock: Clock;
  scrub: Scrub;
  requestId?: string | undefined;
  /** HTTP status of the answer, for clients whose errors do not say it. */
  status?: number;
  /** What the server reported inside its stream, for clients whose errors do not say it. */
  inBand?: () => unknown;
}

/** One call, ready to be sent. */
export interface ProviderCall<Client> {
  readonly client: Client;
  readonly endpoint: Endpoint;
  /** `undefined` for a server that was named without one. */
  readonly key: string | undefined;
  /** Give it to the client. Aborted by the caller, the deadline and the time-outs. */
  readonly signal: AbortSignal;
  readonly facts: CallFacts;
  /** To be called as soon as the headers of the answer are there. */
  heard(): void;
}

/** A way to a vendor. */
export interface Connector<Client> {
  readonly vendor: Vendor;
  /** Checked before, with `checkSettings`. */
  readonly settings: ProviderSettings;
  /** Loads and makes the vendor's client, without a key. Called before the first call. */
  open(endpoint: Endpoint): Promise<Client>;
  /** Any error of the client as one of Loci's; `mapFailure` does most of it. */
  mapError(error: unknown, facts: CallFacts): LociError;
}

/** A call whose clocks run. */
export interface BegunCall<Client> {
  readonly guard: CallGuard;
  /** Rejects with the reason of the guard's signal where that is first. */
  ready(): Promise<ProviderCall<Client>>;
  /** What is thrown for an error: what ended the call from outside, else what the error is. */
  explain(error: unknown): LociError;
}

/** Begins calls over one client, which is opened at the first of them. */
export function createCaller<Client>(
  connector: Connector<Client>,
): (options: CallOptions) => BegunCall<Client> {
  const { vendor, settings } = connector;
  const { provider = vendor.name, clock = systemClock, headers = {} } = settings;
  const timeouts = { ...defaultTimeouts, ...settings.timeouts };
  const hidden = Object.values(headers);
  let opened: { readonly endpoint: Endpoint; readonly client: Client } | undefined;
  const open = async () => {
    const endpoint = opened?.endpoint ?? resolveEndpoint(vendor, settings);
    opened ??= { endpoint, client: await connector.open(endpoint) };
    return opened;
  };

  return (options) => {
    const guard = guardCall(options, timeouts, clock);
    const { signal } = guard;
    const facts: CallFacts = { provider, clock, scrub: createScrub(hidden, vendor.keyPattern) };
    return {
      guard,
      async ready() {
        signal.throwIfAborted();
        const { endpoint, client } = opened ?? (await orAborted(open(), signal));
        const found = resolveKey(vendor, endpoint, headers);
        const key = found instanceof Promise ? await orAborted(found, signal) : found;
        if (key !== undefined) facts.scrub = createScrub([key, ...hidden], vendor.keyPattern);
        return { client, endpoint, key, signal, facts, heard: guard.headers };
      },
      // What the client throws after the guard ended the call is only the echo.
      explain: (error) => guard.failure ?? connector.mapError(error, facts),
    };
  };
}
