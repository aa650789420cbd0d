import { type Expect, InvalidInputError, type LogHead } from '@loci/core';

const maxIdBytes = 512;

/** Throws unless `value` is an object. */
export function checkObject(path: string, value: unknown): asserts value is object {
  if (typeof value !== 'object' || value === null) throw new InvalidInputError(path, 'is not an object');
}

/** Throws unless `id` is 1–512 bytes of well-formed UTF-8. */
export function checkId(path: string, id: unknown): asserts id is string {
  if (typeof id !== 'string' || !id.isWellFormed()) {
    throw new InvalidInputError(path, 'is not a string of well-formed Unicode');
  }
  if (id === '' || id.length > maxIdBytes || Buffer.byteLength(id) > maxIdBytes) {
    throw new InvalidInputError(path, `is not 1–${maxIdBytes} UTF-8 bytes long`);
  }
}

/** Throws unless `expect` is `'any'`, `'absent'` or `{ version }`. */
export function checkExpect(expect: unknown): asserts expect is Expect {
  if (expect === 'any' || expect === 'absent') return;
  const version =
    typeof expect === 'object' && expect !== null && 'version' in expect ? expect.version : undefined;
  if (typeof version !== 'string' || version === '') {
    throw new InvalidInputError('options.expect', "is neither 'any', 'absent' nor { version }");
  }
}

/** Throws unless `expect` is absent, `'absent'` or a log's head. */
export function checkLogExpect(expect: unknown): asserts expect is 'absent' | LogHead | undefined {
  if (expect === undefined || expect === 'absent') return;
  checkObject('options.expect', expect);
  if (!('epoch' in expect) || typeof expect.epoch !== 'string' || !('seq' in expect) || !isSeq(expect.seq)) {
    throw new InvalidInputError('options.expect', "is neither 'absent' nor { epoch, seq }");
  }
}

/** Throws unless `ttlMs` is a finite number above 0, or absent. */
export function checkTtl(ttlMs: unknown): asserts ttlMs is number | undefined {
  if (ttlMs === undefined) return;
  if (typeof ttlMs !== 'number' || !Number.isFinite(ttlMs) || ttlMs <= 0) {
    throw new InvalidInputError('options.ttlMs', 'is not a finite number above 0');
  }
}

/** Throws unless `value` is a whole number from 0, or absent. */
export function checkCount(path: string, value: unknown): asserts value is number | undefined {
  if (value !== undefined && !isSeq(value)) {
    throw new InvalidInputError(path, 'is not a whole number from 0');
  }
}

function isSeq(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
