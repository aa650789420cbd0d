import type { JsonValue } from '@loci/core';

type Random = () => number;

const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

/** Names and values that break careless readers. */
const names = [
  '__proto__',
  'constructor',
  'toString',
  'format',
  'version',
  'schema',
  'value',
  'seq',
  'id',
  '',
  'x',
];
const scalars: readonly JsonValue[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  2,
  1.5,
  1e308,
  -1e308,
  Number.MAX_SAFE_INTEGER + 2,
  1e-300,
  '',
  'x',
  '\u0000',
  '\ud83d',
  '__proto__',
  '2',
  'loci-memory',
  'x'.repeat(100_000),
];

/** Any JSON value: scalars that nobody expects, objects with dangerous names, and now and then a very deep one. */
function anyJson(random: Random, depth = 3): JsonValue {
  const dice = random();
  if (dice < 0.01) return nested(1 + Math.floor(random() * 4000));
  if (depth === 0 || dice < 0.5) return pick(random, scalars);
  const length = Math.floor(random() * 4);
  if (dice < 0.7) return Array.from({ length }, () => anyJson(random, depth - 1));
  const pairs = Array.from({ length }, () => [pick(random, names), anyJson(random, depth - 1)] as const);
  return toObject(pairs);
}

/** As `JSON.parse` makes it: `__proto__` becomes a property like any other. */
function toObject(pairs: readonly (readonly [string, JsonValue])[]): JsonValue {
  const made: { [name: string]: JsonValue } = {};
  for (const [name, value] of pairs)
    Object.defineProperty(made, name, { value, enumerable: true, writable: true, configurable: true });
  return made;
}

function nested(depth: number): JsonValue {
  let value: JsonValue = 1;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { x: value };
  return value;
}

/** A copy in which one part, at a random place, is another, is gone, or has company. */
export function broken(value: JsonValue, random: Random): JsonValue {
  if (typeof value !== 'object' || value === null || random() < 0.15) return anyJson(random);
  if (Array.isArray(value)) {
    const at = Math.floor(random() * (value.length + 1));
    if (at === value.length) return [...value, anyJson(random)];
    if (random() < 0.3) return value.filter((_, index) => index !== at);
    return value.map((item, index) => (index === at ? broken(item, random) : item));
  }
  const pairs = Object.entries(value);
  const at = Math.floor(random() * (pairs.length + 1));
  if (at === pairs.length) return toObject([...pairs, [pick(random, names), anyJson(random)]]);
  if (random() < 0.3) return toObject(pairs.filter((_, index) => index !== at));
  return toObject(pairs.map(([name, item], index) => [name, index === at ? broken(item, random) : item]));
}

/** What is not JSON at all. Made anew each time, because some of them can be changed. */
export function noJson(random: Random): unknown {
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  const throwing = {
    get value() {
      throw new Error('this getter throws');
    },
  };
  const makers = [
    () => undefined,
    () => Symbol('s'),
    () => 1n,
    () => () => 1,
    () => cyclic,
    () => throwing,
    () => new Map([['a', 1]]),
    () => new Date(),
    () => Number.NaN,
    () => [Number.POSITIVE_INFINITY],
    () => new Proxy({}, { ownKeys: () => pick(random, [[], ['a', 'a'], 7 as never]) }),
  ];
  return pick(random, makers)();
}

/** Lines of an export, one of which is broken, cut, gone, twice or somewhere else. */
export function brokenLines(lines: readonly string[], random: Random): string[] {
  const at = Math.floor(random() * lines.length);
  const line = lines[at] ?? '';
  const without = lines.filter((_, index) => index !== at);
  const put = (...instead: string[]) => lines.toSpliced(at, 1, ...instead);
  const position = Math.floor(random() * line.length);
  switch (Math.floor(random() * 8)) {
    case 0:
      return without;
    case 1:
      return put(line, line);
    case 2:
      return without.toSpliced(Math.floor(random() * lines.length), 0, line);
    case 3:
      return [...lines.slice(0, at), line.slice(0, position)];
    case 4:
      return put(
        line.slice(0, position) +
          pick(random, ['x', '"', '}', '\u0000', '9', ' ']) +
          line.slice(position + 1),
      );
    case 5:
      return put(`${JSON.stringify(anyJson(random))}\n`);
    case 6:
      // Deeper than any parser goes.
      return put(`${'['.repeat(1 + Math.floor(random() * 200_000))}\n`);
    default:
      return put(`${JSON.stringify(broken(JSON.parse(line) as JsonValue, random))}\n`);
  }
}
