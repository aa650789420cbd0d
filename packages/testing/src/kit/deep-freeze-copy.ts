import { deepFreeze } from '@loci/core';

/** A frozen copy: whoever changes it throws. */
export function deepFreezeCopy<T>(value: T): T {
  return deepFreeze(structuredClone(value));
}
