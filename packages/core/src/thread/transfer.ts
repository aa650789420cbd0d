import { count, id, Mismatch, oneOf, present, shape } from '../check.js';
import { InvalidImportError } from '../errors/invalid-import-error.js';
import { LociError } from '../errors/loci-error.js';
import type { JsonValue } from '../message/message.js';
import type { LogAppend } from '../store/store.js';
import type { Entry, EntryInput } from './entry.js';
import { openThread, type ThreadOptions } from './open-thread.js';
import { fromLog, toLog } from './parse-entry.js';
import { redactInput } from './redact-input.js';
import type { Thread, ThreadReader } from './thread.js';

const header = { format: 'loci-thread', version: 1 } as const;
const headerCheck = shape({ format: oneOf(header.format), version: oneOf(header.version) });
const lineCheck = shape({ seq: count, id, at: count, kind: present });

/**
 * The whole thread as JSON Lines: a header, then one entry a line, oldest first. What was redacted is not in it.
 * INVARIANT: export → import → export gives the same lines.
 */
export async function* exportThread(thread: ThreadReader): AsyncGenerator<string, void, undefined> {
  yield `${JSON.stringify(header)}\n`;
  for await (const { id: entryId, seq, at, ...body } of thread.entries()) {
    yield `${JSON.stringify({ seq, id: entryId, at, ...body })}\n`;
  }
}

/**
 * Reads what `exportThread` wrote into a key that holds nothing yet; ids, seqs and times stay. Pieces of text may be
 * cut anywhere. All or nothing: rejects with `InvalidImportError` (naming the line), or with `ConflictError` where the
 * key is taken.
 */
export async function importThread(
  text: AsyncIterable<string> | Iterable<string>,
  options: ThreadOptions,
): Promise<Thread> {
  const thread = openThread(options);
  const entries: LogAppend[] = [];
  const ids = new Set<string>();
  let line = 0;
  for await (const source of lines(text)) {
    line++;
    if (line > 1 && source.trim() === '') continue;
    const value = parse(source, line);
    guard(line, () => (line === 1 ? headerCheck : lineCheck)(value, 'line'));
    if (line === 1) continue;
    const {
      seq,
      id: entryId,
      at,
      ...body
    } = value as { seq: number; id: string; at: number; [name: string]: JsonValue };
    if (seq !== entries.length + 1)
      throw new InvalidImportError(line, `entry ${seq} stands where entry ${entries.length + 1} belongs`);
    if (ids.has(entryId)) throw new InvalidImportError(line, 'the id of this entry was there before');
    const entry = guard(line, () =>
      fromLog(options.key, { id: entryId, body: { ...body, at }, seq, at, revision: 0 }),
    );
    ids.add(entryId);
    entries.push(
      ...toLog(options.key, [
        options.redact ? redactInput(withoutSeq(entry), options.redact) : withoutSeq(entry),
      ]),
    );
  }
  if (line === 0) throw new InvalidImportError(1, 'the file is empty');
  if (entries.length > 0) {
    const ttl = options.ttlMs === undefined ? {} : { ttlMs: options.ttlMs };
    await options.store.logs.append(options.key, entries, { expect: 'absent', ...ttl });
  }
  return thread;
}

async function* lines(
  text: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string, void, undefined> {
  let rest = '';
  for await (const piece of text) {
    const parts = piece.split('\n');
    parts[0] = rest + parts[0];
    rest = parts.pop() as string;
    yield* parts;
  }
  if (rest !== '') yield rest;
}

function parse(source: string, line: number): JsonValue {
  try {
    return JSON.parse(source) as JsonValue;
  } catch {
    throw new InvalidImportError(line, 'it is not JSON');
  }
}

function withoutSeq({ seq: _, ...entry }: Entry): EntryInput {
  return entry;
}

function guard<T>(line: number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof Mismatch) throw new InvalidImportError(line, `${error.path} ${error.reason}`);
    if (LociError.isInstance(error) && 'reason' in error)
      throw new InvalidImportError(line, String(error.reason));
    throw error;
  }
}
