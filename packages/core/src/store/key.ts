import { fitsIn } from '../check.js';
import { InvalidKeyError } from '../errors/invalid-key-error.js';
import type { Key } from './store.js';

const maxSegments = 16;
const maxSegmentBytes = 512;

/** Throws `InvalidKeyError` unless the value is a key: 1–16 well-formed strings of 0–512 UTF-8 bytes. */
export function checkKey(key: unknown): asserts key is Key {
  checkSegments(key, 1);
}

/** As `checkKey`, but also accepts an empty list, which as a prefix matches every key. */
export function checkPrefix(prefix: unknown): asserts prefix is Key {
  checkSegments(prefix, 0);
}

function checkSegments(key: unknown, least: number): void {
  if (!Array.isArray(key)) throw new InvalidKeyError('it is not a list of strings');
  if (key.length < least || key.length > maxSegments)
    throw new InvalidKeyError(`it has ${key.length} segments`);
  for (const [index, segment] of key.entries()) {
    if (typeof segment !== 'string') throw new InvalidKeyError(`segment ${index} is not a string`);
    if (!segment.isWellFormed()) throw new InvalidKeyError(`segment ${index} is not well-formed Unicode`);
    if (!fitsIn(segment, maxSegmentBytes)) {
      throw new InvalidKeyError(`segment ${index} is longer than ${maxSegmentBytes} bytes`);
    }
  }
}

/**
 * One string for one key, for backends that need a flat name. Letters, digits, `-` and `_` stay; every other byte is
 * `%XX`; each segment ends with `/`. INVARIANT: no two keys share an encoding; an encoded prefix is a string prefix
 * of exactly the keys under it; the order of encodings is the order of listings.
 */
export function encodeKey(key: Key): string {
  return key.map((segment) => `${encodeSegment(segment)}/`).join('');
}

/** The inverse of `encodeKey`. Throws `InvalidKeyError` for a string that `encodeKey` does not make. */
export function decodeKey(encoded: string): Key {
  try {
    const key = encoded.split('/').slice(0, -1).map(decodeURIComponent);
    if (encodeKey(key) === encoded) return key;
  } catch {
    // Not valid percent-encoding: reported below like every other foreign string.
  }
  throw new InvalidKeyError('its stored form is not an encoded key');
}

/** Whether `key` lies under `prefix`, by whole segments. */
export function hasPrefix(key: Key, prefix: Key): boolean {
  return prefix.length <= key.length && prefix.every((segment, index) => key[index] === segment);
}

/** A key in an error message: quoted and cut, so that no id can disguise as another text. */
export function showKey(key: Key): string {
  return `[${key.map((segment) => JSON.stringify(segment.length > 40 ? `${segment.slice(0, 40)}…` : segment)).join(', ')}]`;
}

function encodeSegment(segment: string): string {
  // encodeURIComponent leaves these, and some of them mean something to a file system or a pattern.
  return encodeURIComponent(segment).replace(
    /[!'()*.~]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
