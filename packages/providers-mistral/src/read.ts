import { isObject } from '@loci/core/provider';

/** A field by its name in the SDK, else by its name on the wire. */
export function pick(value: unknown, name: string, wireName: string): unknown {
  return isObject(value) ? (value[name] ?? value[wireName]) : undefined;
}
