/** A model of the library, as far as it is read here. */
export interface GenaiModel {
  readonly id: string;
  /** Nested conditions on a name. */
  readonly match: unknown;
  /** The prices, or several with conditions. */
  readonly prices: unknown;
}

/** The names that are the model's own: its id, and what it is said to equal. */
export function idsOf({ id, match }: GenaiModel): readonly string[] {
  return [id, ...equalsIn(match)];
}

/** The prices that hold at a time, or `undefined` where that depends on the hour. */
export function findActivePrices({ prices }: GenaiModel, now: number): unknown {
  if (!Array.isArray(prices)) return prices;
  const constraints = prices.map((item: unknown) => get(item, 'constraint'));
  if (constraints.some((item) => item !== undefined && get(item, 'type') !== 'start_date')) return undefined;
  const held = prices.findLast((_, index) => {
    const start = get(constraints[index], 'start_date');
    return start === undefined || now >= Date.parse(String(start));
  });
  return get(held, 'prices');
}

/** A property of what may be no object. */
export function get(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as { readonly [name: string]: unknown })[name]
    : undefined;
}

function equalsIn(match: unknown): readonly string[] {
  const equals = get(match, 'equals');
  if (typeof equals === 'string') return [equals];
  const any = get(match, 'or');
  return Array.isArray(any) ? any.flatMap(equalsIn) : [];
}
