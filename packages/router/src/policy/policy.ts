import type { ErrorKind } from '@loci/core';

/** What follows from one kind of failure. */
export interface Rule {
  /** Whether the same model may be asked once more, after a pause. `short-wait`: only where it named a short wait itself. */
  readonly again: 'no' | 'once' | 'short-wait';
  /** Whether another model may be asked. The last three depend on an option or on the model. */
  readonly elsewhere: 'yes' | 'no' | 'unless-auth-off' | 'if-content-filter-on' | 'larger-window';
  /** What it says of the model's health. `neutral`: nothing but that the model is alive. */
  readonly health:
    | 'counts'
    | 'cooldown'
    | 'quarantine-credential'
    | 'quarantine-model'
    | 'neutral'
    | 'unknown';
}

/** The whole policy of failures: every decision of the router is looked up here. */
export const policy: { readonly [kind in ErrorKind]: Rule } = {
  aborted: { again: 'no', elsewhere: 'no', health: 'unknown' },
  deadline: { again: 'no', elsewhere: 'no', health: 'unknown' },
  timeout: { again: 'no', elsewhere: 'yes', health: 'counts' },
  'rate-limit': { again: 'short-wait', elsewhere: 'yes', health: 'cooldown' },
  quota: { again: 'no', elsewhere: 'yes', health: 'quarantine-credential' },
  auth: { again: 'no', elsewhere: 'unless-auth-off', health: 'quarantine-credential' },
  'not-found': { again: 'no', elsewhere: 'yes', health: 'quarantine-model' },
  overloaded: { again: 'once', elsewhere: 'yes', health: 'counts' },
  server: { again: 'once', elsewhere: 'yes', health: 'counts' },
  connection: { again: 'once', elsewhere: 'yes', health: 'counts' },
  truncated: { again: 'no', elsewhere: 'yes', health: 'counts' },
  malformed: { again: 'no', elsewhere: 'yes', health: 'counts' },
  'context-length': { again: 'no', elsewhere: 'larger-window', health: 'neutral' },
  'content-filter': { again: 'no', elsewhere: 'if-content-filter-on', health: 'neutral' },
  'invalid-request': { again: 'no', elsewhere: 'no', health: 'neutral' },
};

/** Which failures may go elsewhere where the table leaves it to an option. */
export interface FailoverOptions {
  /** Ask another model where one refused for safety. @default false */
  readonly contentFilter?: boolean;
  /** Ask another model where one refused the credential. @default true */
  readonly auth?: boolean;
}

/** Whether another model may be asked after a failure of this kind. */
export function mayGoElsewhere(kind: ErrorKind, options: FailoverOptions): boolean {
  const { elsewhere } = policy[kind];
  if (elsewhere === 'unless-auth-off') return options.auth !== false;
  if (elsewhere === 'if-content-filter-on') return options.contentFilter === true;
  return elsewhere !== 'no';
}
