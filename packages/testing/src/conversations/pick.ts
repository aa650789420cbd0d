/** One of a list that is not empty. */
export function pick<T>(random: () => number, list: readonly T[]): T {
  // `random` gives numbers below 1, so there always is one.
  return list[Math.floor(random() * list.length)] as T;
}
