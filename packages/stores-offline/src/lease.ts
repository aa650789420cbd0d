import { ConflictError, type JsonValue, type Version } from '@loci/core';
import { readFields } from './fields.js';
import { JournalInUseError } from './journal-in-use-error.js';
import { places } from './names.js';
import type { Settings } from './options.js';

const pollMs = 50;

/** The right to use a journal, for as long as it is renewed. */
export interface Lease {
  /** Grows with every owner. */
  readonly generation: number;
  /** Renews it where it has ended; rejects where another owner has taken it meanwhile. Cheap while it lasts. */
  hold(): Promise<void>;
  /** Gives it back, so that the next owner need not wait for its end. */
  release(): Promise<void>;
  /** Renews it no more. */
  end(): void;
}

/**
 * Takes the lease of a journal, waiting for it up to `waitMs`; then rejects with `JournalInUseError`. It is renewed in
 * the background while `busy()` or while it is used: an idle one ends, and is taken again by the next `hold`.
 */
export async function takeLease(
  settings: Settings,
  waitMs: number,
  busy: () => boolean,
  onLost: () => void,
): Promise<Lease> {
  const { journal, clock, leaseMs, randomId } = settings;
  const owner = randomId();
  const giveUpAt = clock.now() + waitMs;
  let version: Version;
  let until = 0;
  let generation = 1;

  for (;;) {
    const stored = await journal.documents.get(places.lease);
    const other = stored && parseLease(stored.value);
    if (other) generation = other.generation + 1;
    const left = (other?.until ?? 0) - clock.now();
    if (left <= 0) {
      try {
        version = await write(stored ? { version: stored.version } : 'absent');
        break;
      } catch (error) {
        if (!ConflictError.isInstance(error)) throw error;
      }
    } else if (clock.now() >= giveUpAt) throw new JournalInUseError(other?.until ?? 0);
    else await new Promise<void>((resolve) => clock.after(Math.min(pollMs, left), resolve));
  }

  let used = false;
  let lost = false;
  let over = false;
  let cancel: (() => void) | undefined;
  let renewing: Promise<void> | undefined;
  schedule();
  return {
    generation,
    async hold() {
      used = true;
      if (clock.now() >= until) await renew();
      if (lost) throw new JournalInUseError(until);
      if (!cancel) schedule();
    },
    async release() {
      end();
      await renewing?.catch(() => {});
      // The generation stays: the next owner's is to be greater.
      const ended: JsonValue = { owner, until: 0, generation };
      await journal.documents.put(places.lease, ended, { expect: { version }, operationId: randomId() });
    },
    end,
  };

  function end(): void {
    cancel?.();
    over = true;
  }

  function schedule(): void {
    used = false;
    if (over) return;
    cancel = clock.after(leaseMs / 3, () => {
      cancel = undefined;
      if (used || busy())
        renew().then(
          () => (lost ? undefined : schedule()),
          // The next call tries again, and so does this, while the lease lasts.
          schedule,
        );
    });
  }

  function renew(): Promise<void> {
    renewing ??= write({ version })
      .then(
        (next) => {
          version = next;
        },
        (error: unknown) => {
          if (!ConflictError.isInstance(error)) throw error;
          lost = true;
          onLost();
        },
      )
      .finally(() => {
        renewing = undefined;
      });
    return renewing;
  }

  async function write(expected: 'absent' | { readonly version: Version }): Promise<Version> {
    const end = clock.now() + leaseMs;
    const value: JsonValue = { owner, until: end, generation };
    const receipt = await journal.documents.put(places.lease, value, {
      expect: expected,
      operationId: randomId(),
    });
    until = end;
    return receipt.version;
  }
}

function parseLease(data: JsonValue) {
  const fields = readFields(places.lease, data);
  return { until: fields.number('until'), generation: fields.count('generation') };
}
