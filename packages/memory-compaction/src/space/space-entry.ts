import {
  type Entry,
  type EntryInput,
  type Key,
  type Message,
  messageText,
  UnknownVersionError,
} from '@loci/core';
import { fittingLength } from '../text/fitting-length.js';
import { describeMedia } from '../text/render-message.js';

/** What an agent has put into a space. */
export interface SpaceEntry {
  readonly id: string;
  readonly agentId: string;
  readonly tags: readonly string[];
  /** Epoch milliseconds. */
  readonly at: number;
  /** With who said it, for example `researcher: The library opens at nine.` */
  readonly text: string;
}

/** What to look for in a space; both must fit, and of a list any one. */
export interface SpaceFilter {
  readonly agentIds?: readonly string[];
  readonly tags?: readonly string[];
}

type Said = { readonly asked: string; readonly answered: string };

const kind = 'space/turn';

/** The entry that puts something into a space. */
export function toSpaceInput(id: string, agentId: string, tags: readonly string[], said: Said): EntryInput {
  return { id, version: 1, kind, agentId, data: said, ...(tags.length > 0 ? { tags } : {}) };
}

/** What an entry of a log says in a space; undefined for any other, and for one that was redacted. */
export function readSpaceEntry(key: Key, entry: Entry): SpaceEntry | undefined {
  if (entry.kind !== kind || entry.data === null) return undefined;
  const { id, version, agentId, tags = [], at } = entry;
  if (version > 1) throw new UnknownVersionError(key, kind, version);
  const { asked, answered } = entry.data as Partial<Said>;
  if (agentId === undefined || typeof asked !== 'string' || typeof answered !== 'string') return undefined;
  const lines = [
    ...(asked === '' ? [] : [`asked of ${agentId}: ${asked}`]),
    ...(answered === '' ? [] : [`${agentId}: ${answered}`]),
  ];
  return { id, agentId, tags, at, text: lines.join('\n') };
}

/** Whether an entry is what was asked for. */
export function fitsFilter({ agentId, tags }: SpaceEntry, filter: SpaceFilter): boolean {
  if (filter.agentIds && !filter.agentIds.includes(agentId)) return false;
  return !filter.tags || filter.tags.some((tag) => tags.includes(tag));
}

/** What was asked in a turn and what was answered at its end, at most `maxTokens`, of which a quarter is the question's. */
export function toSaid(
  messages: readonly Message[],
  maxTokens: number,
  countText: (text: string) => number,
): Said | undefined {
  const last = messages.findLast(
    (message) => message.role === 'assistant' && messageText(message).trim() !== '',
  );
  const questions = messages.filter(({ role }) => role === 'user').map(spokenText);
  const answer = last ? spokenText(last) : '';
  // A short answer leaves its room to the question.
  const most = Math.max(maxTokens / 4, maxTokens - countText(answer));
  const asked = cut(questions.filter((text) => text.trim() !== '').join('\n'), most, countText);
  const answered = cut(answer, maxTokens - countText(asked), countText);
  return asked === '' && answered === '' ? undefined : { asked, answered };
}

/** As much of a text as fits. */
export function cut(text: string, maxTokens: number, countText: (text: string) => number): string {
  if (countText(text) <= maxTokens) return text;
  return `${text.slice(
    0,
    fittingLength(text, (start) => countText(`${start}…`) <= maxTokens),
  )}…`;
}

/** Text, with pictures and files by their names; what tools said and what was thought is left out. */
function spokenText({ content }: Message): string {
  return content
    .flatMap((part) => {
      if (part.type === 'text') return [part.text];
      return part.type === 'image' || part.type === 'file' ? [`[${describeMedia(part)}]`] : [];
    })
    .join('\n');
}
