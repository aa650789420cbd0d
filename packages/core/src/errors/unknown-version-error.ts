import { showKey } from '../store/key.js';
import type { Key } from '../store/store.js';
import { hasCode, LociError } from './loci-error.js';

/** Thrown when a record was written by a newer version of Loci, or under another version of your schema. It is neither read nor written to, so nothing is lost. */
export class UnknownVersionError extends LociError {
  readonly key: Key;
  readonly kind: string;
  readonly version: number;

  constructor(key: Key, kind: string, version: number) {
    super(
      'UNKNOWN_VERSION',
      `${showKey(key)} holds “${kind}” version ${version}, which is not known here. Nothing was changed; open it with the version that wrote it, or a newer one.`,
    );
    this.key = key;
    this.kind = kind;
    this.version = version;
  }

  static override isInstance(error: unknown): error is UnknownVersionError {
    return hasCode(error, 'UNKNOWN_VERSION');
  }
}
