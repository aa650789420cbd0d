const brand = Symbol.for('loci.error');

/**
 * Base of every error that Loci throws. Decide by `code` and by the fields, never by `instanceof`: two copies of
 * this package may be installed, and `isInstance` works across them.
 */
export abstract class LociError extends Error {
  /** Stable and machine-readable, for example `CONFLICT`. */
  readonly code: string;
  protected readonly [brand] = true;

  protected constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    // `TURN_TAKEN` is a TurnTakenError, also where a bundler has renamed the class.
    this.name = `${code.toLowerCase().replace(/(^|_)./g, (start) => start.slice(-1).toUpperCase())}Error`;
  }

  /** True for any error of Loci, whichever copy of the package made it. */
  static isInstance(error: unknown): error is LociError {
    return typeof error === 'object' && error !== null && brand in error;
  }
}

/** True for an error of Loci with exactly this code. */
export function hasCode(error: unknown, code: string): boolean {
  return LociError.isInstance(error) && error.code === code;
}
