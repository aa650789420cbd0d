import { DamagedRecordError, type Key, LociError, StoreUnavailableError } from '@loci/core';

const reasons: { readonly [code: string]: string } = {
  WRONGPASS: 'Redis refused the user name or password; correct them',
  NOAUTH: 'Redis asks for a password; set one',
  NOPERM: 'the Redis user may not do this; change its permissions',
  OOM: 'Redis has reached its limit of memory; free some or raise the limit',
  READONLY: 'this Redis server is a read-only replica; connect to the primary',
  MISCONF: 'Redis cannot write to its disk; check the server',
  LOADING: 'Redis is still loading its data',
  BUSY: 'Redis is busy with a script',
  MASTERDOWN: 'the replica has lost its primary',
  NOREPLICAS: 'Redis has too few replicas to write',
  CLUSTERDOWN: 'the Redis cluster is down',
  MOVED: 'this server is one of a cluster; give `client` a cluster of the redis package',
};
const final = ['WRONGPASS', 'NOAUTH', 'NOPERM'];

/** What Redis or its client reports, as an error of the store. */
export function toStoreError(error: unknown, key: Key): LociError {
  if (LociError.isInstance(error)) return error;
  const code = toReplyCode(error);
  if (code === undefined) {
    const reason = 'the Redis server cannot be reached; check its address and that it runs';
    return new StoreUnavailableError(reason, error);
  }
  // The set that lists the keys can only be of another type where somebody else wrote it, as can a record.
  if (code === 'WRONGTYPE') return new DamagedRecordError(key, undefined, 'it is of another type');
  // Without the text of the reply: an old server or a proxy quotes the arguments of a command, the password with them.
  return new StoreUnavailableError(reasons[code] ?? `Redis answered ${code}`, new Error(`Redis: ${code}`));
}

/** Whether repeating does not help until somebody changes the settings. */
export function isRefused(error: unknown): boolean {
  return final.includes(toReplyCode(error) ?? '');
}

/** Whether the server does not have the script yet. */
export function isUnknownScript(error: unknown): boolean {
  return toReplyCode(error) === 'NOSCRIPT';
}

/** The first word of an error that the server answered; `undefined` for an error of the client or of the network. */
function toReplyCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || 'code' in error) return undefined;
  const code = /^([A-Z]{3,})(?: |$)/.exec(error.message)?.[1];
  // Redis 6.2 puts the error of a script into one of its own.
  if (code === 'ERR') return /: -?([A-Z]{3,}) /.exec(error.message)?.[1] ?? code;
  return code;
}
