import type { Warning } from '../model/model.js';

/** Collects warnings, each code once with how often it happened. */
export interface Warnings {
  add(code: string, message: string): void;
  /** In the order in which the codes first came. */
  list(): Warning[];
}

/** An empty collection. */
export function createWarnings(): Warnings {
  const found = new Map<string, { readonly message: string; count: number }>();
  return {
    add(code, message) {
      const earlier = found.get(code);
      if (earlier) earlier.count += 1;
      else found.set(code, { message, count: 1 });
    },
    list: () =>
      [...found].map(([code, { message, count }]) => ({
        code,
        message: count > 1 ? `${message} (${count} times)` : message,
      })),
  };
}
