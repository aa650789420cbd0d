import { LociError } from '@loci/core';

/** Thrown when a value takes more than `maxBytes` as JSON. Nothing was changed. */
export class DataTooLargeError extends LociError {
  readonly bytes: number;
  readonly maxBytes: number;

  constructor(bytes: number, maxBytes: number) {
    super(
      'DATA_TOO_LARGE',
      `The value takes ${bytes} bytes as JSON, and maxBytes is ${maxBytes}. Nothing was changed; remove what is old, or keep a log of it in a thread.`,
    );
    this.bytes = bytes;
    this.maxBytes = maxBytes;
  }

  static override isInstance(error: unknown): error is DataTooLargeError {
    return LociError.isInstance(error) && error.code === 'DATA_TOO_LARGE';
  }
}
