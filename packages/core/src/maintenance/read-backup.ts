import { Mismatch } from '../check.js';
import { InvalidImportError } from '../errors/invalid-import-error.js';
import { InvalidInputError } from '../errors/invalid-input-error.js';
import { LociError } from '../errors/loci-error.js';
import { toJsonText } from '../json.js';
import { encodeKey } from '../store/key.js';
import type { Key } from '../store/store.js';
import { addToChecksum, type BackupLine, checkHeader, checkLine, type HeaderLine } from './backup-format.js';

/**
 * The text of a backup, in pieces that may be cut anywhere: a list, or a function that opens it anew at every call. It
 * is read twice, so an iterable that can be read once only is not accepted.
 */
export type BackupSource = readonly string[] | (() => Iterable<string> | AsyncIterable<string>);

/** A line that was checked: it is of a known form, and it stands where it may. */
export interface CheckedLine {
  /** Its number, from 1. */
  readonly number: number;
  readonly content: BackupLine;
  /** Of the backup. */
  readonly id: string;
}

/** Every line after the header, checked. Throws `InvalidImportError` at the first that no backup holds, and where the end is missing. */
export async function* readBackup(
  source: BackupSource,
  signal: AbortSignal | undefined,
): AsyncGenerator<CheckedLine, void, undefined> {
  let number = 0;
  let checksum = '';
  let id: string | undefined;
  let check: ((line: BackupLine) => void) | undefined;
  let ended = false;
  for await (const text of linesOf(open(source))) {
    signal?.throwIfAborted();
    number++;
    if (text === '' && ended) continue;
    const line = guard(number, () => {
      if (ended) throw new Mismatch('line', 'stands behind the end');
      const parsed = parse(text);
      (id === undefined ? checkHeader : checkLine)(parsed, 'line');
      return parsed as HeaderLine | BackupLine;
    });
    if ('format' in line && id === undefined) {
      ({ id } = line);
      check = createOrderCheck();
    } else if ('type' in line && id !== undefined) {
      guard(number, () => {
        check?.(line);
        if (line.type === 'end' && line.checksum !== checksum)
          throw new Mismatch('line.checksum', 'is not that of the lines before it');
      });
      ended = line.type === 'end';
      yield { number, content: line, id };
    }
    checksum = addToChecksum(checksum, text);
  }
  if (!ended) throw new InvalidImportError(number + 1, 'the end of the backup is missing, it was cut off');
}

/** Checks that keys ascend, so that none comes twice, that entries go on where the last ones ended, and the counts. */
function createOrderCheck(): (line: BackupLine) => void {
  const count = { documents: 0, logs: 0, entries: 0 };
  let last: string | undefined;
  let ids = new Set<string>();
  let seq = 0;
  const ascend = (key: Key) => {
    const name = encodeKey(key);
    if (last !== undefined && name <= last)
      throw new Mismatch('line.key', 'does not come after the one before');
    last = name;
  };
  return (line) => {
    switch (line.type) {
      case 'document':
        if (count.logs > 0) throw new Mismatch('line', 'is a document behind a log');
        ascend(line.key);
        count.documents++;
        return;
      case 'log':
        if (count.logs === 0) last = undefined;
        ascend(line.key);
        count.logs++;
        ids = new Set();
        seq = 0;
        return;
      case 'entries':
        if (count.logs === 0 || line.from !== seq + 1)
          throw new Mismatch('line.from', 'is not where the entries before it end');
        for (const entry of line.entries) {
          if (!('id' in entry)) continue;
          if (ids.has(entry.id)) throw new Mismatch('line.entries', 'has an id that was there before');
          ids.add(entry.id);
        }
        seq += line.entries.length;
        count.entries += line.entries.length;
        return;
      case 'end':
        for (const name of ['documents', 'logs', 'entries'] as const)
          if (line[name] !== count[name]) throw new Mismatch(`line.${name}`, 'is not what the backup holds');
    }
  };
}

function open(source: BackupSource): Iterable<string> | AsyncIterable<string> {
  if (typeof source === 'function') return source();
  if (Array.isArray(source)) return source;
  throw new InvalidInputError(
    'source',
    'is neither a list of texts nor a function that opens the backup, which is read twice',
  );
}

async function* linesOf(
  pieces: Iterable<string> | AsyncIterable<string>,
): AsyncGenerator<string, void, undefined> {
  let rest: string[] = [];
  for await (const piece of pieces) {
    if (typeof piece !== 'string') throw new InvalidInputError('source', 'gave something else than text');
    const parts = piece.split('\n');
    const last = parts.pop() as string;
    for (const part of parts) {
      yield [...rest, part].join('');
      rest = [];
    }
    rest.push(last);
  }
  const end = rest.join('');
  if (end !== '') yield end;
}

function parse(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Mismatch('line', 'is not JSON');
  }
  // What is nested too deep, or has numbers that JSON text can hold and a store cannot.
  toJsonText(value, 'line');
  return value;
}

/** Turns what a check says into an error that names the line, and shows nothing that it holds. */
function guard<T>(number: number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof Mismatch) throw new InvalidImportError(number, `${error.path} ${error.reason}`);
    if (InvalidInputError.isInstance(error)) throw new InvalidImportError(number, error.reason);
    if (LociError.isInstance(error)) throw new InvalidImportError(number, 'a key in it cannot be used');
    throw error;
  }
}
