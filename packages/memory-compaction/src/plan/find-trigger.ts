import type { Trigger } from '../options/options.js';
import type { Settings } from '../options/settings.js';
import type { Marks, Measure } from './measure.js';
import type { Subject } from './subject.js';

/** Why to compact now: `overflow`, or the conditions of the first trigger that holds, joined by `+`. */
export function findTrigger(
  subject: Subject,
  sizes: Measure,
  marks: Marks,
  settings: Settings,
): string | undefined {
  if (sizes.total > marks.limit) return 'overflow';
  const newest = subject.view.messages.at(-1)?.createdAt;
  const idleMs = newest === undefined ? -1 : settings.clock.now() - newest;
  const holds = (trigger: Trigger) => {
    const { tokens, fraction, messages, idleMs: idle } = trigger;
    return (
      (tokens === undefined || sizes.total * (1 + subject.errorRatio) >= tokens) &&
      (fraction === undefined || sizes.total >= fraction * marks.limit) &&
      (messages === undefined || sizes.messages >= messages) &&
      (idle === undefined || idleMs >= idle)
    );
  };
  const found = settings.triggers.find(holds);
  return found && Object.keys(found).join('+');
}
