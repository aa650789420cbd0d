import { channel } from 'node:diagnostics_channel';

/** Every named point at which a process may die; the crash tests kill one at each of them. */
export const steps = Object.freeze([
  'schema-creation',
  'before-begin',
  'after-begin',
  'document-put',
  'entry-insert',
  'entry-rewrite',
  'record-delete',
  'before-commit',
  'after-commit',
  'sweep',
  'backup',
] as const);

export type Step = (typeof steps)[number];

/** The name of the diagnostics channel on which the steps are published, with no data but the name of the step. */
const stepChannel = 'loci:stores-sqlite:step';

const published = channel(stepChannel);

/** Tells whoever listens where the work is. Costs nothing while nobody does. */
export function step(name: Step): void {
  if (published.hasSubscribers) published.publish(name);
}
