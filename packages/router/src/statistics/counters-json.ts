import type { ErrorKind, JsonValue } from '@loci/core';
import { formatUsd, type Money, parseUsd } from '@loci/prices';
import { type Counters, createCounters } from './counters.js';
import { amount, listOf, nullable, number, object, oneOf, type Read, refuse, string } from './read-json.js';
import type { Peak } from './recent.js';
import { binOf, bounds, type Sketch } from './sketch.js';
import type { Tally } from './statistics.js';

const version = 1;

/** What `fromJson` reads, in this process or another. */
export function toJson({ since, models }: Tally): JsonValue {
  return { version, since, models: [...models].map(([id, counters]) => toModel(id, counters)) };
}

/** Throws `InvalidInputError` for what is something else. */
export function fromJson(value: unknown, path: string): Tally {
  const fields = object(value, path);
  if (fields['version'] !== version)
    refuse(`${path}.version`, `${version}, the one version that is known here`);
  const models = listOf(readModel)(fields['models'], `${path}.models`);
  return { since: number(fields['since'], `${path}.since`), models: new Map(models) };
}

function toModel(id: string, counters: Counters): JsonValue {
  const { failures, latency, firstContent, usage, cost, recent, ...counts } = counters;
  return {
    id,
    ...counts,
    failures: Object.fromEntries(failures),
    latency: toSketch(latency),
    firstContent: toSketch(firstContent),
    usage: { ...usage },
    cost: formatUsd(cost),
    recent: {
      ...recent,
      latency: recent.latency && { ...recent.latency },
      firstContent: recent.firstContent && { ...recent.firstContent },
    },
  };
}

function toSketch({ bins, sum }: Sketch): JsonValue {
  return { bins: [...bins].map(([bin, count]) => [bin, count]), sum };
}

const readModel: Read<readonly [string, Counters]> = (value, path) => {
  const fields = object(value, path);
  const at = <T>(name: string, read: Read<T>) => read(fields[name], `${path}.${name}`);
  const counters: Counters = {
    successes: at('successes', amount),
    cancelled: at('cancelled', amount),
    failures: at('failures', readFailures),
    latency: at('latency', readSketch),
    firstContent: at('firstContent', readSketch),
    usage: at('usage', numbersOf(createCounters().usage)),
    cost: at('cost', readMoney),
    unpriced: at('unpriced', amount),
    lastUsedAt: at('lastUsedAt', nullable(number)),
    recent: at('recent', readRecentFields),
  };
  return [at('id', string), counters];
};

const failureKinds: { readonly [kind in ErrorKind]: true } = {
  aborted: true,
  deadline: true,
  timeout: true,
  'rate-limit': true,
  quota: true,
  auth: true,
  'not-found': true,
  overloaded: true,
  server: true,
  connection: true,
  'context-length': true,
  'content-filter': true,
  'invalid-request': true,
  truncated: true,
  malformed: true,
};
const readKind = oneOf(Object.keys(failureKinds) as ErrorKind[]);

const readFailures: Read<Map<ErrorKind, number>> = (value, path) =>
  new Map(
    Object.entries(object(value, path)).map(([kind, failed]) => [
      readKind(kind, path),
      amount(failed, `${path}.${kind}`),
    ]),
  );

const readSketch: Read<Sketch> = (value, path) => {
  const fields = object(value, path);
  const bins = new Map(listOf(readBin)(fields['bins'], `${path}.bins`));
  let count = 0;
  for (const inBin of bins.values()) count += inBin;
  return { bins, count, sum: amount(fields['sum'], `${path}.sum`) };
};

const readBin: Read<readonly [number, number]> = (value, path) => {
  const [bin = Number.NaN, count = 0, ...more] = listOf(number)(value, path);
  const known = Number.isInteger(bin) && bin >= binOf(bounds.lowest) && bin <= binOf(bounds.highest);
  return known && count > 0 && more.length === 0
    ? [bin, count]
    : refuse(path, 'the number of a bin and its count');
};

const readMoney: Read<Money> = (value, path) => {
  const text = string(value, path);
  return /^\d{1,30}(\.\d{1,12})?$/.test(text) ? parseUsd(text) : refuse(path, 'a number of dollars from 0');
};

const readPeak: Read<Peak> = numbersOf({ value: 0, at: 0 });

const readRecentFields: Read<Counters['recent']> = (value, path) => {
  const fields = object(value, path);
  const peak = (name: string) => nullable(readPeak)(fields[name], `${path}.${name}`);
  const numbers = numbersOf({ at: 0, weight: 0, good: 0, input: 0, cacheRead: 0 })(value, path);
  return { ...numbers, latency: peak('latency'), firstContent: peak('firstContent') };
};

/** Reads an object whose fields are all numbers from 0. */
function numbersOf<T extends { readonly [name: string]: number }>(like: T): Read<T> {
  return (value, path) => {
    const fields = object(value, path);
    const entries = Object.keys(like).map((name) => [name, amount(fields[name], `${path}.${name}`)]);
    return Object.fromEntries(entries) as T;
  };
}
