import { InvalidInputError } from '@loci/core';

/** Throws `InvalidInputError` for `options.<name>` unless it can be used. */
export function checkOption(ok: boolean, name: string, reason: string): void {
  if (!ok) throw new InvalidInputError(`options.${name}`, reason);
}

/** Longer ones overflow the timers of every platform, which then fire at once. */
const longestMs = 2 ** 31 - 1;

export function checkMs(value: number, name: string): void {
  checkOption(value > 0 && value <= longestMs, name, `is not above 0 and at most ${longestMs} milliseconds`);
}
