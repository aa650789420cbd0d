import type { Message } from '@loci/core';
import { type Heading, headings } from '../summarise/headings.js';
import { collectLines, type DigestLine } from './collect-lines.js';
import { fitText } from './fit-text.js';
import { readSections } from './read-sections.js';

/** What a digest goes on from, and how long it may be. */
interface DigestOptions {
  /** The summary or digest before this one. */
  readonly previous: string | undefined;
  readonly maxTokens: number;
  readonly countText: (text: string) => number;
}

/**
 * A summary without a model: the goal, the newest requests, decisions, conclusions and tools called, in the words of the
 * conversation, under the headings of a summary. It goes on from the one before, whose lines stay as far as they fit.
 * Never above `maxTokens`; not empty from 40 on, unless there are neither messages nor a previous one. Linear in the size
 * of the messages.
 */
export function digestMessages(
  messages: Iterable<Pick<Message, 'role' | 'content'>>,
  { previous, maxTokens, countText }: DigestOptions,
): string {
  const lines = collectLines([...messages], readSections(previous ?? ''));
  const taken = new Set<DigestLine>();
  const told = new Set<string>();
  const render = (chosen: ReadonlySet<DigestLine>) => renderLines(lines.filter((line) => chosen.has(line)));
  let tokens = 0;
  for (const line of lines) {
    const isNew = !told.has(line.heading);
    const cost = countText(`- ${line.text}\n`) + (isNew ? countText(`\n${line.heading}\n`) : 0);
    if (tokens + cost > maxTokens) continue;
    tokens += cost;
    told.add(line.heading);
    taken.add(line);
  }
  // A counter may find more tokens in the whole than in its pieces.
  for (const line of [...taken].reverse()) if (countText(render(taken)) > maxTokens) taken.delete(line);
  const [first] = lines;
  if (taken.size > 0 || !first) return render(taken);
  return fitText(first.text, (text) => renderLines([{ ...first, text }]), { maxTokens, countText });
}

function renderLines(lines: readonly DigestLine[]): string {
  return headings
    .map((heading: Heading) => {
      const own = lines.filter((line) => line.heading === heading).sort((a, b) => a.order - b.order);
      return own.length > 0 ? `${heading}\n${own.map(({ text }) => `- ${text}`).join('\n')}` : '';
    })
    .filter(Boolean)
    .join('\n\n');
}
