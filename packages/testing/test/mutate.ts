import fc from 'fast-check';

/** A place in a body and what is put there; `undefined` takes it away. */
export interface Mutation {
  readonly at: number;
  readonly value: unknown;
}

/** Values that a place in a body may not expect. */
export const anything = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    true,
    '',
    'auto',
    'text',
    'function',
    'user',
    'tool',
    0,
    1,
    -1,
    1.5,
    3,
    129,
    [],
    ['a'],
    [[]],
    {},
    { type: 'text' },
    { type: 'text', text: 'x' },
    { name: 'f' },
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Replaces the value at one of the places of a body, counted in order. */
export function mutate(body: unknown, { at, value }: Mutation): unknown {
  const copy = structuredClone(body);
  const places: { readonly holder: Record<string, unknown>; readonly name: string }[] = [];
  const visit = (holder: unknown) => {
    if (typeof holder !== 'object' || holder === null) return;
    for (const name of Object.keys(holder)) {
      places.push({ holder: holder as Record<string, unknown>, name });
      visit((holder as Record<string, unknown>)[name]);
    }
  };
  visit(copy);
  const place = places[at % places.length];
  if (!place) return value;
  if (value === undefined && !Array.isArray(place.holder)) delete place.holder[place.name];
  else place.holder[place.name] = value === undefined ? null : structuredClone(value);
  return copy;
}
