import { type ChatModel, hashText, type Message, type Usage } from '@loci/core';
import { sumUsage } from '@loci/core/output';
import type { Settings } from '../options/settings.js';
import { type Subject, textTokens } from '../plan/subject.js';
import { toChunks } from './chunks.js';
import { quoteRecord } from './prompts.js';
import { toPrefix } from './same-prefix.js';
import { outputTokens, Session } from './session.js';

export interface SummaryJob {
  readonly subject: Subject;
  readonly settings: Settings;
  readonly model: ChatModel;
  /** As they are told: originals, or with the line in place of what was cleared. */
  readonly messages: readonly Message[];
  /** The summary so far. */
  readonly previous: string | undefined;
  /** Tokens that the prose may have. */
  readonly maxTokens: number;
  /** Tokens of the record that one call reads. */
  readonly size: number;
  /** Gives the summariser the conversation as it stands, up to the last of the messages. */
  readonly samePrefix: boolean;
  readonly progress: (done: number, of: number) => void;
}

/** What came of asking the summariser, and what it was given. */
export interface Summarised {
  readonly prose: string;
  readonly saw: {
    readonly ids: readonly string[];
    readonly characters: number;
    readonly hash: string;
    readonly parts: number;
  };
  readonly model: string;
  readonly calls: number;
  readonly usage: Usage | null;
}

/** Tokens that the role, the task, the quotation marks and a margin take. */
const overhead = 800;
const smallestChunk = 200;
const assumedWindow = 32_000;

/** Tokens of the record that one call can read. */
export function chunkTokens({
  subject,
  settings,
  model,
  previous,
  maxTokens,
}: Pick<SummaryJob, 'subject' | 'settings' | 'model' | 'previous' | 'maxTokens'>): number {
  const { contextWindow } = model.traits;
  const known = contextWindow === 'unknown' ? subject.contextWindow : contextWindow;
  const window = (known ?? assumedWindow) / (1 + subject.errorRatio);
  const others = [previous, settings.summaryInstructions].map((text) =>
    text === undefined ? 0 : textTokens(text, subject.count),
  );
  const left = window - overhead - outputTokens(maxTokens) - others.reduce((all, tokens) => all + tokens, 0);
  return Math.max(smallestChunk, Math.floor(left));
}

/** Calls that so many chunks take at most, the making one of their notes included, a reminder not. */
export function callsFor(chunks: number, size: number, maxTokens: number): number {
  // As `reduce` does it: no note is longer than it may be.
  const batch = Math.max(2, Math.floor(size / maxTokens));
  let calls = chunks;
  for (let notes = chunks; notes > 1; notes = Math.ceil(notes / batch)) calls += Math.ceil(notes / batch);
  return calls;
}

/**
 * One summary of what is told and the summary so far: in one call where it fits, else notes of each chunk, which are
 * then made one. INVARIANT: every character of the record is in one of the calls. Rejects with what the model throws,
 * or with `SummaryRefusedError` where an answer cannot be used, also after one reminder per pass.
 */
export async function summarise(job: SummaryJob): Promise<Summarised> {
  const { subject, model, previous, size } = job;
  const chunks = toChunks(job.messages, size, subject.count);
  const session = new Session(job);
  const told = chunks.map(({ text }) => text).join('\n\n');
  let prose: string;
  if (chunks.length <= 1) {
    const prefix = job.samePrefix ? toPrefix(subject, job.messages, size) : undefined;
    prose = prefix
      ? await session.askBehind(prefix, `${previous ?? ''}\n${told}`, previous !== undefined, previous ?? '')
      : await session.ask(quoted(told, previous), previous !== undefined, previous ?? '');
  } else {
    const notes: string[] = [];
    for (const chunk of chunks) {
      notes.push(await session.ask(quoted(chunk.text, undefined), false, ''));
      job.progress(notes.length, chunks.length + 1);
    }
    prose = await reduce(session, notes, previous, size, (text) => textTokens(text, subject.count));
    job.progress(chunks.length + 1, chunks.length + 1);
  }
  return {
    prose,
    saw: {
      ids: [...new Set(chunks.flatMap(({ ids }) => ids))],
      characters: told.length,
      hash: hashText(told),
      parts: chunks.length,
    },
    model: `${model.provider}/${model.modelId}`,
    calls: session.calls,
    usage: sumUsage(session.usages),
  };
}

/** Makes notes one, as many at a time as fit. */
async function reduce(
  session: Session,
  notes: readonly string[],
  previous: string | undefined,
  size: number,
  count: (text: string) => number,
): Promise<string> {
  const batches: string[][] = [];
  let tokens = 0;
  for (const note of notes) {
    const last = batches.at(-1);
    tokens += count(note);
    // Two at least, or it would not become less.
    if (last && (tokens <= size || last.length < 2)) last.push(note);
    else {
      batches.push([note]);
      tokens = count(note);
    }
  }
  if (batches.length === 1) {
    const text = notes.join('\n\n');
    return session.ask(quoted(text, previous, 'notes'), previous !== undefined, `${previous ?? ''}\n${text}`);
  }
  const fewer: string[] = [];
  for (const batch of batches) {
    const [single, ...more] = batch;
    const isSingle = single !== undefined && more.length === 0;
    const text = batch.join('\n\n');
    fewer.push(isSingle ? single : await session.ask(quoted(text, undefined, 'notes'), false, text));
  }
  return reduce(session, fewer, previous, size, count);
}

function quoted(text: string, previous: string | undefined, tag: 'record' | 'notes' = 'record'): string {
  const before = previous === undefined ? '' : `${quoteRecord('summary', previous)}\n\n`;
  return `${before}${quoteRecord(tag, text)}`;
}
