import { type Clock, InvalidInputError } from '@loci/core';
import type { RedisClient } from './client.js';
import type { RedisStoreOptions, RedisTlsOptions } from './create-redis-store.js';
import { type Names, toNames } from './names.js';
import { parseUrl } from './parse-url.js';

/** How to reach the server, where no client was given. */
interface Server {
  readonly socket:
    | { readonly path: string }
    | ({ readonly host: string; readonly port: number; readonly tls: boolean } & RedisTlsOptions);
  readonly username?: string;
  readonly password?: string;
  readonly database: number;
}

/** The options, checked, with every default filled in. */
export interface Settings {
  readonly target: Server | RedisClient;
  readonly names: Names;
  readonly durability: 'memory' | 'process' | 'disk';
  readonly commandTimeoutMs: number;
  readonly reconnectDelayMs: number;
  readonly maxReconnectDelayMs: number;
  readonly clock: Clock;
  /** Whether the server's own clock may remove what has expired. */
  readonly expireOnServer: boolean;
  /** A new one at each call, in no process the same. */
  readonly newEpoch: () => string;
}

interface Defaults extends Pick<Settings, 'clock'> {
  readonly randomId: () => string;
}

const addressFields = ['url', 'host', 'port', 'path', 'username', 'password', 'tls'] as const;

/** Throws `InvalidInputError` for the first option that cannot be used. Does no I/O. */
export function checkOptions(options: RedisStoreOptions, defaults: Defaults): Settings {
  if (typeof options !== 'object' || options === null) throw refuse('options', 'is not an object');
  const { client, durability = 'memory', prefix = 'loci' } = options;
  const clock = options.clock ?? defaults.clock;
  const randomId = options.randomId ?? defaults.randomId;
  check(
    typeof prefix === 'string' && /^[\w.:-]{1,100}$/.test(prefix),
    'prefix',
    'is not 1–100 letters, digits, `-`, `_`, `.` and `:`',
  );
  check(['memory', 'process', 'disk'].includes(durability), 'durability', 'is not memory, process or disk');
  check(
    typeof clock?.now === 'function' && typeof clock.after === 'function',
    'clock',
    'has no functions `now` and `after`',
  );
  check(typeof randomId === 'function', 'randomId', 'is not a function');
  const target = client === undefined ? toTarget(options) : checkClient(client, options);
  const database = 'database' in target ? target.database : (options.database ?? 0);
  return Object.freeze<Settings>({
    target,
    names: toNames(prefix, database),
    durability,
    commandTimeoutMs: positive(options, 'commandTimeoutMs', 10_000),
    reconnectDelayMs: positive(options, 'reconnectDelayMs', 50),
    maxReconnectDelayMs: positive(options, 'maxReconnectDelayMs', 2000),
    clock,
    expireOnServer: clock === defaults.clock,
    newEpoch: createEpochs(randomId),
  });
}

/** One random id for all epochs of a store, and a number: most of them are offered and not needed. */
function createEpochs(randomId: () => string): () => string {
  let base: string | undefined;
  let count = 0;
  return () => {
    base ??= randomId();
    return `${base}-${count++}`;
  };
}

function checkClient(client: RedisClient, options: RedisStoreOptions): RedisClient {
  for (const method of ['evalSha', 'eval', 'duplicate'] as const)
    check(typeof client?.[method] === 'function', 'client', `has no function \`${method}\``);
  const both = addressFields.find((name) => options[name] !== undefined);
  if (both) throw refuse(`options.${both}`, 'is of no use beside a client');
  checkDatabase(options.database ?? 0);
  return client;
}

function toTarget(options: RedisStoreOptions): Server {
  const { url, path, tls } = options;
  for (const name of ['host', 'path', 'username', 'password'] as const)
    check(options[name] === undefined || typeof options[name] === 'string', name, 'is not a text');
  const address = url === undefined ? undefined : parseUrl(url);
  if (address || path !== undefined) {
    const both = (['host', 'port', ...(address ? (['path'] as const) : [])] as const).find(
      (name) => options[name] !== undefined,
    );
    if (both) throw refuse(`options.${both}`, `is of no use beside \`${address ? 'url' : 'path'}\``);
  }
  const port = options.port ?? address?.port ?? 6379;
  check(Number.isInteger(port) && port > 0 && port < 65_536, 'port', 'is not a port');
  check(
    ['undefined', 'boolean'].includes(typeof tls) || (typeof tls === 'object' && tls !== null),
    'tls',
    'is neither true, false nor an object',
  );
  const username = options.username ?? address?.username;
  const password = options.password ?? address?.password;
  return Object.freeze<Server>({
    socket:
      path === undefined
        ? {
            ...(typeof tls === 'object' && tls),
            host: options.host ?? address?.host ?? 'localhost',
            port,
            tls: typeof tls === 'object' || (tls ?? address?.tls ?? false),
          }
        : { path },
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    database: checkDatabase(options.database ?? address?.database ?? 0),
  });
}

function checkDatabase(database: unknown): number {
  if (typeof database === 'number' && Number.isInteger(database) && database >= 0) return database;
  throw refuse('options.database', 'is not the number of a database');
}

function positive(
  options: RedisStoreOptions,
  name: 'commandTimeoutMs' | 'reconnectDelayMs' | 'maxReconnectDelayMs',
  otherwise: number,
): number {
  const value = options[name] ?? otherwise;
  check(Number.isFinite(value) && value > 0, name, 'is not a finite number above 0');
  return value;
}

function check(ok: boolean, name: keyof RedisStoreOptions, reason: string): void {
  if (!ok) throw refuse(`options.${name}`, reason);
}

function refuse(path: string, reason: string): InvalidInputError {
  return new InvalidInputError(path, reason);
}
