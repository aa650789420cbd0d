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

/** Up to and with the first content. */
export function untilContent(all: readonly Step[]): readonly Step[] {
  return all.slice(0, before(all, 'content').length + 1);
}
