import { channel } from 'node:diagnostics_channel';

/** Every named point at which a process may die; the crash tests kill one at each of them. */
export const steps = Object.freeze([
  'schema-creation',
  'before-query',
  'after-query',
  'after-answer',
] as const);

export type Step = (typeof steps)[number];

const published = channel('loci:stores-postgres:step');

/** Tells whoever listens where the work is. Costs nothing while nobody does. */
export function step(name: Step): void {
  if (published.hasSubscribers) published.publish(name);
}
