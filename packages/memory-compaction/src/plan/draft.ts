import { type EntryRef, type Group, groupMessages, type Message, type Part } from '@loci/core';
import { readDetails } from '../apply/details.js';
import type { Settings } from '../options/settings.js';
import type { Marks, Measure } from './measure.js';
import { clearResults, dropImages, dropReasoning, dropTools, type Replacements } from './replace-parts.js';
import { type Subject, sum } from './subject.js';

/** What a pass would do to the view, before anything is summarised. */
export interface Draft {
  readonly clears: boolean;
  /** The messages that the summary will stand for; none: the shape covers what it did. */
  readonly covered: readonly Message[];
  /** Covered messages that stay in sight as they are, and earlier ones that did. */
  readonly keep: readonly EntryRef[];
  /** New content of messages that stay, those of earlier passes included. */
  readonly replace: Replacements;
  /** Ids of messages whose content this pass replaces. */
  readonly replaced: readonly string[];
  /** Tokens that the summary may have; 0 where nothing is covered. */
  readonly summaryTokens: number;
  /** Tokens and messages of the prompt afterwards, the summary at its limit. */
  readonly tokens: number;
  readonly messages: number;
  /** Tokens from the first change to the end of what is sent again every time. */
  readonly rewrite: number;
}

/** The view in groups, with what may not be touched. */
export interface Layout {
  readonly groups: readonly Group[];
  /** Groups from here on cannot be covered. */
  readonly end: number;
  /** Messages that stay as they are: of the running turn, and pinned ones. */
  readonly isFixed: (message: Message) => boolean;
  readonly isOpen: (message: Message) => boolean;
}

/** `foreign`: messages of the thread that this reader does not see. */
export function toLayout({ view }: Subject, firstForeignSeq: number): Layout {
  const groups = groupMessages(view.messages);
  const open = new Set(view.open.map((message) => message.id));
  const end = groups.findIndex(
    ({ complete, messages }) =>
      !complete || messages.some((message) => view.ref(message).seq >= firstForeignSeq),
  );
  return {
    groups,
    end: end < 0 ? groups.length : end,
    isOpen: ({ id }) => open.has(id),
    isFixed: ({ id }) => open.has(id) || view.pinned.has(id),
  };
}

export function toDraft(
  subject: Subject,
  settings: Settings,
  layout: Layout,
  sizes: Measure,
  marks: Marks,
  { cut, clear, reasoning }: { readonly cut: number; readonly clear: boolean; readonly reasoning: boolean },
): Draft {
  const { view, count } = subject;
  const { groups, isFixed, isOpen } = layout;
  const covered = groups.slice(0, cut).flatMap(({ messages }) => messages);
  const rest = groups.slice(cut);
  const staying = rest.flatMap(({ messages }) => messages);
  const countPart = (part: Part) => count({ id: '', role: 'user', createdAt: 0, content: [part] });

  const fresh = new Map<string, readonly Part[]>();
  /** Each step works on what the one before it left. */
  const apply = (step: (now: readonly Group[]) => Replacements) => {
    const now = rest.map((group) => ({
      ...group,
      messages: group.messages.map((message) => ({
        ...message,
        content: fresh.get(message.id) ?? message.content,
      })),
    }));
    for (const [id, content] of step(now)) fresh.set(id, content);
  };
  const flat = (now: readonly Group[]) => now.flatMap(({ messages }) => messages);
  if (!settings.preserveToolCalls) apply((now) => dropTools(now, isFixed));
  if (!settings.preserveImages) apply((now) => dropImages(flat(now), isFixed));
  // Of a running turn old results are cleared too: it is there that they pile up.
  if (clear) apply((now) => clearResults(now, settings, ({ id }) => view.pinned.has(id), countPart));
  if (reasoning) apply((now) => dropReasoning(flat(now), isFixed));

  const stays = new Set(staying.map(({ id }) => id));
  // A message without content is in no view, so it cannot be seen to stay.
  const before = Object.entries(view.current?.replace ?? {}).filter(
    ([id, content]) => stays.has(id) || content.length === 0,
  );
  const replace = new Map([...before, ...fresh]);
  const isKept = toKept(covered, subject, settings, isOpen, (marks.threshold - sizes.fixed) / 4);
  const kept = covered.filter(isKept);
  const keptBefore = view.kept.filter(isKept);
  const after = staying.flatMap((message) => {
    const content = fresh.get(message.id);
    if (!content) return [message];
    return content.length > 0 ? [{ ...message, content }] : [];
  });
  const dropped = sum(covered, count) - sum(kept, count);
  const summaryTokens =
    covered.length === 0
      ? 0
      : Math.floor(Math.min(settings.summaryMaxTokens, sizes.summary + settings.compressionRatio * dropped));
  const summary = covered.length === 0 ? sizes.summary : summaryTokens;
  const tail = sum(after, count);
  const keptTokens = sum(keptBefore, count) + sum(kept, count);
  const firstChanged = staying.findIndex(({ id }) => fresh.has(id));
  return {
    clears: fresh.size > 0,
    covered,
    keep: [...keptBefore, ...kept].map((message) => view.ref(message)),
    replace,
    replaced: [...fresh.keys()],
    summaryTokens,
    tokens: sizes.fixed + keptTokens + summary + tail + sizes.unstored,
    messages: after.length + subject.unstored.length,
    rewrite:
      covered.length > 0
        ? keptTokens + summary + tail
        : firstChanged < 0
          ? 0
          : sum(staying.slice(firstChanged), count),
  };
}

/**
 * Which covered messages stay in sight: pinned ones, the system's, users' pictures, and the question of the running turn.
 * What an earlier pass kept for a turn that has ended, or as a picture that is too old now, was summarised then.
 */
function toKept(
  covered: readonly Message[],
  { view, count, turnId }: Subject,
  settings: Settings,
  isOpen: (message: Message) => boolean,
  imageTokens: number,
): (message: Message) => boolean {
  let left = imageTokens;
  const pictures = new Set<string>();
  for (const message of settings.preserveImages ? [...view.kept, ...covered].reverse() : []) {
    if (message.role !== 'user' || !message.content.some(({ type }) => type === 'image')) continue;
    left -= count(message);
    if (left < 0) break;
    pictures.add(message.id);
  }
  const { current } = view;
  const isOwn = turnId !== undefined && current?.covers.open?.turnId === turnId;
  // What somebody else's shape keeps stands in no summary.
  const staying = new Set(isOwn || !readDetails(current?.details) ? view.kept : []);
  const before = new Set(view.kept);
  return (message) =>
    staying.has(message) ||
    view.pinned.has(message.id) ||
    (message.role === 'system' && (settings.preserveSystemMessages || before.has(message))) ||
    (message.role === 'user' && isOpen(message)) ||
    pictures.has(message.id);
}
