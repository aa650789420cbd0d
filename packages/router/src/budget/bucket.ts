import type { StatedLimit } from './rate-limits.js';

const minute = 60_000;

/** A token bucket: it holds what may be used at once, and fills up evenly. Below 0 it owes. */
export interface Bucket {
  capacity: number;
  level: number;
  /** Per millisecond. */
  rate: number;
  at: number;
}

export function createBucket(perMinute: number, now: number): Bucket {
  return { capacity: perMinute, level: perMinute, rate: perMinute / minute, at: now };
}

export function fill(bucket: Bucket, now: number): void {
  if (now <= bucket.at) return;
  bucket.level = Math.min(bucket.capacity, bucket.level + (now - bucket.at) * bucket.rate);
  bucket.at = now;
}

/** Milliseconds until so much is there. More than the bucket holds is given when it is full. */
export function waitFor(bucket: Bucket, amount: number): number {
  const missing = Math.min(amount, bucket.capacity) - bucket.level;
  // What is missing after many small fillings may be a rounding error.
  return missing < 1e-6 ? 0 : Math.ceil(missing / bucket.rate - 1e-6);
}

/**
 * Takes over what the vendor stated. The level is only lowered: the vendor has not counted what is still on its way.
 *
 * @param most The caller's own limit per minute, which holds where it is the lower one.
 */
export function sync(bucket: Bucket, { limit, remaining, resetMs }: StatedLimit, most: number): void {
  const used = limit - remaining;
  // Close to full, the time to the reset is too coarse to tell the rate.
  const told = resetMs !== undefined && resetMs > 0 && used >= limit / 20;
  const rate = told ? used / resetMs : limit / minute;
  bucket.capacity = Math.min(limit, most);
  bucket.rate = Math.min(rate, most / minute);
  bucket.level = Math.min(bucket.level, remaining, bucket.capacity);
}
