import type { Step } from './plan.js';

export function isAt(step: Step, place: string): boolean {
  return typeof step === 'object' && step.place === place;
}

/** What comes before the first step at a place; everything where there is none. */
export function before(all: readonly Step[], place: string): readonly Step[] {
  const index = all.findIndex((step) => isAt(step, place));
  return index === -1 ? all : all.slice(0, index);
}

export function from(all: readonly Step[], place: string): readonly Step[] {
  return all.slice(before(all, place).length);
}

/** Up to and with the first pieces of content, or the last where there are fewer. */
export function untilContent(all: readonly Step[], pieces = 1): readonly Step[] {
  const places = all.flatMap((step, index) => (isAt(step, 'content') ? [index] : []));
  const end = places[pieces - 1] ?? places.at(-1) ?? all.length - 1;
  return all.slice(0, end + 1);
}
