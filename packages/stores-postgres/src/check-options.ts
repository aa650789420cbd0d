import { type Clock, InvalidInputError } from '@loci/core';
import type { EmbeddedPostgres, PostgresPool } from './clients.js';
import type { PostgresStoreOptions, PostgresTlsOptions } from './create-postgres-store.js';
import type { OnPostgresEvent } from './events.js';
import { type Names, toNames } from './names.js';

/** How to reach the server, where no pool was given. */
export interface Server {
  readonly connection: { readonly connectionString: string };
  /** Absent: as the URL says. */
  readonly tls: boolean | PostgresTlsOptions | undefined;
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
}

/** The options, checked, with every default filled in. */
export interface Settings {
  readonly target:
    | { readonly server: Server }
    | { readonly pool: PostgresPool }
    | { readonly client: EmbeddedPostgres };
  readonly names: Names;
  readonly durability: 'memory' | 'process' | 'disk';
  readonly commandTimeoutMs: number;
  /** The same for the server, which counts whole milliseconds up to a limit. */
  readonly waitMs: number;
  readonly reconnectDelayMs: number;
  readonly maxReconnectDelayMs: number;
  readonly clock: Clock;
  readonly randomId: () => string;
  readonly onEvent: OnPostgresEvent;
}

type Defaults = Pick<Settings, 'clock' | 'randomId'>;

const serverFields = ['password', 'database', 'tls', 'maxConnections', 'connectTimeoutMs'] as const;
const urlParameters = ['sslmode', 'ssl', 'sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation'];

/** Throws `InvalidInputError` for the first option that cannot be used. Does no I/O. */
export function checkOptions(options: PostgresStoreOptions, defaults: Defaults): Settings {
  if (typeof options !== 'object' || options === null)
    throw new InvalidInputError('options', 'is not an object');
  const clock = options.clock ?? defaults.clock;
  const randomId = options.randomId ?? defaults.randomId;
  check(
    typeof clock?.now === 'function' && typeof clock.after === 'function',
    'clock',
    'has no functions `now` and `after`',
  );
  check(typeof randomId === 'function', 'randomId', 'is not a function');
  check(['undefined', 'function'].includes(typeof options.onEvent), 'onEvent', 'is not a function');
  const durability = options.durability ?? (options.client === undefined ? 'disk' : 'memory');
  check(['memory', 'process', 'disk'].includes(durability), 'durability', 'is not memory, process or disk');
  check(
    durability !== 'memory' || options.client !== undefined,
    'durability',
    'is not `disk` or `process`; a server keeps what it has answered',
  );
  const commandTimeoutMs = positive(options, 'commandTimeoutMs', 10_000);
  return Object.freeze<Settings>({
    target: toTarget(options),
    names: toNames(checkSchema(options.schema ?? 'loci')),
    durability,
    commandTimeoutMs,
    waitMs: Math.min(Math.ceil(commandTimeoutMs), 2 ** 31 - 1),
    reconnectDelayMs: positive(options, 'reconnectDelayMs', 50),
    maxReconnectDelayMs: positive(options, 'maxReconnectDelayMs', 2000),
    clock,
    randomId,
    onEvent: (event) => {
      try {
        options.onEvent?.(event);
      } catch {
        // There is nobody left to tell.
      }
    },
  });
}

function checkSchema(schema: unknown): string {
  check(
    typeof schema === 'string' && schema !== '' && schema.isWellFormed() && !schema.includes('\0'),
    'schema',
    'is not the name of a schema',
  );
  const name = String(schema);
  // PostgreSQL cuts longer names, and two of them would be one.
  check(Buffer.byteLength(name) <= 63, 'schema', 'is longer than 63 bytes');
  check(!/^pg_|^information_schema$/.test(name), 'schema', 'is a schema of PostgreSQL itself');
  return name;
}

function toTarget(options: PostgresStoreOptions): Settings['target'] {
  const { url, pool, client } = options;
  const given = (['url', 'pool', 'client'] as const).filter((name) => options[name] !== undefined);
  if (given.length !== 1)
    throw new InvalidInputError('options', 'does not name exactly one of `url`, `pool` and `client`');
  const unused = url === undefined ? serverFields.find((name) => options[name] !== undefined) : undefined;
  if (unused) check(false, unused, `is of no use beside \`${given[0]}\``);
  if (pool !== undefined) {
    check(typeof pool?.connect === 'function', 'pool', 'has no function `connect`');
    return { pool };
  }
  if (client !== undefined) {
    for (const method of ['query', 'transaction', 'listen'] as const)
      check(typeof client?.[method] === 'function', 'client', `has no function \`${method}\``);
    return { client };
  }
  return { server: toServer(options) };
}

function toServer(options: PostgresStoreOptions): Server {
  const { url, password, database, tls } = options;
  const maxConnections = options.maxConnections ?? 10;
  for (const name of ['password', 'database'] as const)
    check(['undefined', 'string'].includes(typeof options[name]), name, 'is not a text');
  check(Number.isInteger(maxConnections) && maxConnections > 0, 'maxConnections', 'is not a number from 1');
  check(
    ['undefined', 'boolean'].includes(typeof tls) || (typeof tls === 'object' && tls !== null),
    'tls',
    'is neither true, false nor an object',
  );
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed) throw new InvalidInputError('options.url', 'is not a URL');
  check(/^postgres(ql)?:$/.test(parsed.protocol), 'url', 'begins with neither postgres:// nor postgresql://');
  try {
    for (const part of [parsed.username, parsed.password, parsed.pathname]) decodeURIComponent(part);
  } catch {
    check(false, 'url', 'has a part that is not percent-encoded');
  }
  if (password !== undefined) parsed.password = encodeURIComponent(password);
  if (database !== undefined) parsed.pathname = `/${encodeURIComponent(database)}`;
  if (tls !== undefined) for (const name of urlParameters) parsed.searchParams.delete(name);
  const connection = {};
  // Out of sight, so that what shows the settings does not show a password.
  Object.defineProperty(connection, 'connectionString', { value: parsed.href });
  return Object.freeze<Server>({
    connection: connection as Server['connection'],
    tls,
    maxConnections,
    connectTimeoutMs: positive(options, 'connectTimeoutMs', 5000),
  });
}

function positive(
  options: PostgresStoreOptions,
  name: 'commandTimeoutMs' | 'connectTimeoutMs' | 'reconnectDelayMs' | 'maxReconnectDelayMs',
  otherwise: number,
): number {
  const value = options[name] ?? otherwise;
  check(Number.isFinite(value) && value > 0, name, 'is not a finite number above 0');
  return value;
}

function check(ok: boolean, name: keyof PostgresStoreOptions, reason: string): void {
  if (!ok) throw new InvalidInputError(`options.${name}`, reason);
}
