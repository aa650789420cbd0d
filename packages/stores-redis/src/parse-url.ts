import { InvalidInputError } from '@loci/core';

export interface Address {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
  readonly database?: number;
}

/** The parts of `redis://user:password@host:port/database`. No error shows the address, which may hold a password. */
export function parseUrl(url: unknown): Address {
  const refuse = (reason: string) => new InvalidInputError('options.url', reason);
  if (typeof url !== 'string' || !URL.canParse(url)) throw refuse('is not a URL');
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  if (protocol !== 'redis:' && protocol !== 'rediss:')
    throw refuse('begins with neither redis:// nor rediss://');
  const database = /^\/?(\d*)$/.exec(pathname)?.[1];
  if (database === undefined) throw refuse('ends with something else than the number of a database');
  try {
    return {
      host: hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost',
      port: port === '' ? 6379 : Number(port),
      tls: protocol === 'rediss:',
      ...(username !== '' && { username: decodeURIComponent(username) }),
      ...(password !== '' && { password: decodeURIComponent(password) }),
      ...(database !== '' && { database: Number(database) }),
    };
  } catch {
    throw refuse('has a user name or password that is not percent-encoded');
  }
}
