import type { Settings } from '../options/settings.js';
import type { Layout } from './draft.js';
import type { Marks, Measure } from './measure.js';
import { type Subject, sum } from './subject.js';

/**
 * How many groups from the oldest to cover: what is left has at least `preserveLastMessages`, and begins with a user's
 * message if one is near. Fewer are left only where they would not fit.
 */
export function findCut(
  subject: Subject,
  settings: Settings,
  layout: Layout,
  sizes: Measure,
  marks: Marks,
): number {
  const { count } = subject;
  const { groups, end } = layout;
  const tokens = groups.map(({ messages }) => sum(messages, count));
  const begins = (index: number) => groups[index]?.messages[0]?.role === 'user';

  let left = settings.preserveLastMessages - subject.unstored.length;
  let first = groups.length;
  while (first > 0 && left > 0) {
    first--;
    left -= groups[first]?.messages.length ?? 0;
  }
  // What stays must fit beside everything that cannot be covered; the rest of the promise gives way.
  const summary = Math.min(
    settings.summaryMaxTokens,
    sizes.summary + sizes.history * settings.compressionRatio,
  );
  const others = sizes.fixed + sizes.kept + sizes.unstored + summary;
  const sizeFrom = (index: number) => others + tokens.slice(index).reduce((all, one) => all + one, 0);
  let cut = first;
  if (sizeFrom(first) > marks.limit - marks.minGain) {
    // Down to the target, or the next turn would not fit again.
    let size = others;
    cut = groups.length;
    while (cut > 0 && size + (tokens[cut - 1] ?? 0) <= marks.target) size += tokens[--cut] ?? 0;
  }
  cut = Math.min(Math.max(first, cut), end);
  // Back to where a user spoke, unless that keeps more than a pass should leave.
  let size = sizeFrom(cut);
  for (let index = cut; index > 0 && size <= marks.target; index--) {
    if (begins(index)) {
      cut = index;
      break;
    }
    size += tokens[index - 1] ?? 0;
  }
  return cut;
}
