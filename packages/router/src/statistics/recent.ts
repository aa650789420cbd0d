/** Figures that forget: each weighs half after one half-life. Everything is as of `at`, in epoch milliseconds. */
export interface Recent {
  at: number;
  /** Attempts that say something about the model's health, and those of them that succeeded. */
  weight: number;
  good: number;
  latency: Peak | null;
  firstContent: Peak | null;
  /** Input tokens of successful attempts, and those of them that came from the cache. */
  input: number;
  cacheRead: number;
}

/** A peak-sensitive moving average: it jumps up at once and comes down by half the way in a half-life. */
export interface Peak {
  value: number;
  at: number;
}

export interface RecentFigures {
  readonly successRate: number | null;
  readonly weight: number;
  readonly latency: number | null;
  readonly firstContent: number | null;
  readonly cacheHitRate: number | null;
}

/** With less than this of an attempt left, nothing is known. */
const nothingLeft = 0.01;

export function createRecent(): Recent {
  return { at: 0, weight: 0, good: 0, latency: null, firstContent: null, input: 0, cacheRead: 0 };
}

/** What is left at `now` of what weighed 1 at `at`. */
export function leftOf(at: number, now: number, halfLifeMs: number): number {
  return now > at ? 2 ** ((at - now) / halfLifeMs) : 1;
}

export function decay(recent: Recent, now: number, halfLifeMs: number): void {
  if (now <= recent.at) return;
  const left = leftOf(recent.at, now, halfLifeMs);
  recent.at = now;
  recent.weight *= left;
  recent.good *= left;
  recent.input *= left;
  recent.cacheRead *= left;
}

/** As Finagle's PeakEwma takes a round trip in. */
export function movePeak(peak: Peak | null, value: number, now: number, halfLifeMs: number): Peak {
  if (!peak) return { value, at: now };
  const left = value > peak.value ? 0 : leftOf(peak.at, now, halfLifeMs);
  peak.value = peak.value * left + value * (1 - left);
  peak.at = Math.max(peak.at, now);
  return peak;
}

/** Takes a value that is known to be too low, as that of an attempt that was ended before its answer. */
export function raisePeak(peak: Peak | null, value: number, now: number): Peak | null {
  return peak && value > peak.value ? { value, at: now } : peak;
}

/** Adds what others saw. Averages are weighed by the attempts that are left behind them. */
export function mergeRecent(into: Recent, from: Recent, halfLifeMs: number): void {
  const now = Math.max(into.at, from.at);
  decay(into, now, halfLifeMs);
  const other = { ...from };
  decay(other, now, halfLifeMs);
  into.latency = mergePeaks(into.latency, into.weight, other.latency, other.weight);
  into.firstContent = mergePeaks(into.firstContent, into.weight, other.firstContent, other.weight);
  into.weight += other.weight;
  into.good += other.good;
  into.input += other.input;
  into.cacheRead += other.cacheRead;
}

function mergePeaks(a: Peak | null, weightA: number, b: Peak | null, weightB: number): Peak | null {
  if (!a || !b) return a ?? (b && { ...b });
  const weight = weightA + weightB;
  const value = weight > 0 ? (a.value * weightA + b.value * weightB) / weight : Math.max(a.value, b.value);
  return { value, at: Math.max(a.at, b.at) };
}

/** The figures as of `now`, with those that other processes saw. Every request reads them, so nothing is merged for it. */
export function readRecent(
  own: Recent,
  others: Recent | undefined,
  now: number,
  halfLifeMs: number,
): RecentFigures {
  const left = leftOf(own.at, now, halfLifeMs);
  const ownWeight = own.weight * left;
  let weight = ownWeight;
  let good = own.good * left;
  let input = own.input * left;
  let cacheRead = own.cacheRead * left;
  let { latency, firstContent } = own;
  if (others) {
    const othersLeft = leftOf(others.at, now, halfLifeMs);
    const othersWeight = others.weight * othersLeft;
    weight += othersWeight;
    good += others.good * othersLeft;
    input += others.input * othersLeft;
    cacheRead += others.cacheRead * othersLeft;
    latency = mergePeaks(latency, ownWeight, others.latency, othersWeight);
    firstContent = mergePeaks(firstContent, ownWeight, others.firstContent, othersWeight);
  }
  return {
    successRate: weight < nothingLeft ? null : good / weight,
    weight,
    latency: latency?.value ?? null,
    firstContent: firstContent?.value ?? null,
    cacheHitRate: input < 1 ? null : cacheRead / input,
  };
}
