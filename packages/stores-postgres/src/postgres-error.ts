import { DamagedRecordError, type Key, LociError, StoreUnavailableError } from '@loci/core';

const reasons: { readonly [code: string]: string } = {
  '08P01': 'PostgreSQL did not understand the connection; check that the address is its own',
  '25006': 'this PostgreSQL server is read-only; connect to the primary',
  '28000': 'PostgreSQL refused the user; check its name and pg_hba.conf',
  '28P01': 'PostgreSQL refused the user name or password; correct them',
  '3D000': 'the database does not exist; create it or set another one',
  '42501': 'the user may not do this in PostgreSQL; give it CREATE on the database, or on the schema',
  '42883': 'a function of the schema is missing; restore it from a backup, or set another schema',
  '42P01': 'a table of the schema is missing; restore it from a backup, or set another schema',
  '42P07': 'the schema holds tables of another program; set another schema',
  '42703': 'the schema holds tables of another program; set another schema',
  '42723': 'the schema holds functions of another program; set another schema',
  '53100': 'the disk of PostgreSQL is full; free some space',
  '53200': 'PostgreSQL is out of memory',
  '53300': 'PostgreSQL has no connection left; lower maxConnections or raise its limit',
  '55P03': 'another transaction held a lock on the record for too long',
  '57014': 'PostgreSQL cancelled the statement, as its time limit or an administrator asked',
  '57P01': 'PostgreSQL was stopped',
  '57P02': 'PostgreSQL crashed and is starting again',
  '57P03': 'PostgreSQL is starting or stopping',
};
const uniqueViolation = '23505';
const damagedStorage = ['XX001', 'XX002'];
const aborted = ['40001', '40P01'];
const missing = ['3F000', '42P01', '42883'];
const refused = ['28000', '28P01', '3D000', '42501'];

/** What PostgreSQL or its driver reports, as an error of the store. */
export function toStoreError(error: unknown, key: Key): LociError {
  if (LociError.isInstance(error)) return error;
  const code = toSqlState(error);
  if (code === undefined) {
    const reason = 'the PostgreSQL server cannot be reached; check its address and that it runs';
    return new StoreUnavailableError(reason, withoutClient(error));
  }
  // The head of a log that does not fit its entries: there is no other way to write a row twice.
  if (code === uniqueViolation && key.length > 0)
    return new DamagedRecordError(key, undefined, 'its parts do not fit together');
  if (damagedStorage.includes(code) && key.length > 0)
    return new DamagedRecordError(key, undefined, 'its part of the database is damaged');
  const reason = reasons[code] ?? `PostgreSQL reports ${code}`;
  // Without what the server or the driver says: both quote values.
  return new StoreUnavailableError(reason, Object.assign(new Error(`PostgreSQL: ${code}`), { code }));
}

/** Whether the transaction was undone because of another one, and may be run again. */
export function isAborted(error: unknown): boolean {
  return aborted.includes(toSqlState(error) ?? '');
}

/** Whether the schema, a table or a function is not there. */
export function isMissing(error: unknown): boolean {
  return missing.includes(toSqlState(error) ?? '');
}

/** Whether repeating does not help until somebody changes the settings. */
export function isRefused(error: unknown): boolean {
  return refused.includes(toSqlState(error) ?? '');
}

/** The five letters of an error that the server answered; `undefined` for an error of the driver or of the network. */
function toSqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
}

/** The driver hangs the connection, with its password, on an error. */
function withoutClient(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return Object.assign(new Error(error.message), code);
}
