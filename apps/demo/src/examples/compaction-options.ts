import { type ChatModel, messageText, type Part, type Thread } from '@loci/core';
import type { Compaction, CompactionDetails, CompactionOptions } from '@loci/memory-compaction';

/** What came of a conversation. */
export interface Outcome {
  readonly 'messages in view': number;
  readonly 'tokens of the prompt': number;
  readonly 'tokens of the summary': number;
  readonly 'items of the summary': number;
  readonly 'system messages in view': number;
  readonly 'tool calls in view': number;
  readonly 'pictures in view': number;
  readonly 'tags of the summary': string;
  readonly 'written by': string;
}

/** An option as a user writes it, and what of the outcome it is about. */
export interface OptionRow {
  readonly name: string;
  readonly options: CompactionOptions;
  readonly changes: keyof Outcome;
}

/** What the others are compared with. */
export const baseOptions: CompactionOptions = { tokenThreshold: 2500 };

/** Every option that changes what a compaction leaves. */
export function optionRows(another: ChatModel): readonly OptionRow[] {
  const row = (name: string, options: CompactionOptions, changes: keyof Outcome) => ({
    name,
    options,
    changes,
  });
  const instructions = 'At most 3 items.';
  return [
    row('enabled: false', { enabled: false }, 'tokens of the prompt'),
    row('tokenThreshold: 9000', { tokenThreshold: 9000 }, 'tokens of the prompt'),
    row('preserveLastMessages: 4', { preserveLastMessages: 4 }, 'messages in view'),
    row('summaryMaxTokens: 80', { summaryMaxTokens: 80 }, 'tokens of the summary'),
    row('compressionRatio: 0.05', { compressionRatio: 0.05 }, 'tokens of the summary'),
    row('preserveSystemMessages: false', { preserveSystemMessages: false }, 'system messages in view'),
    row('preserveToolCalls: false', { preserveToolCalls: false }, 'tool calls in view'),
    row('preserveImages: true', { preserveImages: true }, 'pictures in view'),
    row("tags: ['garden']", { tags: ['garden'] }, 'tags of the summary'),
    row('summaryModel: anthropic(…)', { summaryModel: another }, 'written by'),
    row("summaryModel: 'none'", { summaryModel: 'none' }, 'written by'),
    row(
      `summaryInstructions: '${instructions}'`,
      { summaryInstructions: instructions },
      'items of the summary',
    ),
    row("preset: 'safe'", { preset: 'safe' }, 'messages in view'),
    row("preset: 'cheap'", { preset: 'cheap' }, 'messages in view'),
    row("preset: 'max-recall'", { preset: 'max-recall' }, 'messages in view'),
  ];
}

/** What a model would see of a thread now. */
export async function outcomeOf(thread: Thread, manager: Compaction): Promise<Outcome> {
  const { summary, kept, messages, current } = await thread.view();
  const { tokens } = await manager.plan(thread);
  const seen = [...kept, ...messages];
  const count = (type: Part['type']) =>
    seen.flatMap(({ content }) => content.filter((part) => part.type === type)).length;
  const details = current?.details as CompactionDetails | undefined;
  return {
    'messages in view': seen.length,
    'tokens of the prompt': tokens.total,
    'tokens of the summary': tokens.summary,
    'items of the summary': (summary ? messageText(summary) : '').match(/^- /gm)?.length ?? 0,
    'system messages in view': seen.filter(({ role }) => role === 'system').length,
    'tool calls in view': count('tool-call'),
    'pictures in view': count('image'),
    'tags of the summary': summary?.tags?.join(', ') ?? 'none',
    'written by': details?.model ?? details?.action ?? 'nobody',
  };
}
