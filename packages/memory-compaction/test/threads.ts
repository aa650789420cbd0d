import {
  createMessage,
  type EntryInput,
  hashMessages,
  type JsonValue,
  type Message,
  messageText,
  type Part,
  type Store,
  type Thread,
  type TurnState,
  type View,
} from '@loci/core';
import type { CompactionDetails } from '../src/index.js';

/** A message as a turn stores it. */
export function messageEntry(turnId: string, message: Message): EntryInput {
  return { id: message.id, version: 1, kind: 'message', turnId, data: message };
}

export function turnMark(turnId: string, data: TurnState): EntryInput {
  const name = data.state === 'started' ? 'start' : 'end';
  return { id: `${turnId}.${name}`, version: 1, kind: 'turn', turnId, data };
}

const started: TurnState = { state: 'started', owner: 'test', leaseUntil: 0 };

/** The entries of a turn that has ended. */
export function turnEntries(
  turnId: string,
  messages: readonly Message[],
  end: TurnState = { state: 'completed' },
): EntryInput[] {
  return [
    turnMark(turnId, started),
    ...messages.map((message) => messageEntry(turnId, message)),
    turnMark(turnId, end),
  ];
}

/** A question and its answer. */
export function chat(turnId: string, question: string, answer = 'Noted.'): Message[] {
  return [
    createMessage({ id: `${turnId}.0`, role: 'user', content: question, createdAt: 1 }),
    createMessage({ id: `${turnId}.1`, role: 'assistant', content: answer, createdAt: 2 }),
  ];
}

/** A question that a tool answers. */
export function toolChat(turnId: string, question: string, output: JsonValue): Message[] {
  const call = { toolCallId: `call-${turnId}`, toolName: 'look_up' };
  const input = { about: question };
  return [
    createMessage({ id: `${turnId}.0`, role: 'user', content: question, createdAt: 1 }),
    createMessage({
      id: `${turnId}.1`,
      role: 'assistant',
      content: [{ type: 'tool-call', ...call, input }],
      createdAt: 2,
    }),
    createMessage({
      id: `${turnId}.2`,
      role: 'tool',
      content: [{ type: 'tool-result', ...call, output, isError: false }],
      createdAt: 3,
    }),
    createMessage({ id: `${turnId}.3`, role: 'assistant', content: 'Done.', createdAt: 4 }),
  ];
}

interface PassOptions {
  readonly id: string;
  /** How many messages of the view to cover. */
  readonly cover: number;
  readonly summary?: string;
  /** The turn under way. */
  readonly turnId?: string;
  readonly more?: Partial<CompactionDetails>;
}

/** Covers the oldest messages with a summary that goes on from the one before it. */
export async function summarise(thread: Thread, options: PassOptions) {
  const { id, cover, summary = `summary ${id}`, turnId, more } = options;
  const view = await thread.view(turnId === undefined ? {} : { turnId });
  const covered = view.messages.slice(0, cover);
  const last = covered.at(-1);
  if (!last) throw new Error('there is nothing to cover');
  return thread.reshape(
    view,
    {
      covers: view.coverage(last),
      hash: hashMessages(covered),
      keep: view.kept.map((message) => view.ref(message)),
      summary: createMessage({ role: 'user', content: summary, createdAt: 1 }),
      details: detailsOf(view, { action: 'summary', covered: covered.map((message) => message.id), ...more }),
    },
    id,
  );
}

/** Clears every tool result of the view. */
export async function clearResults(thread: Thread, id: string) {
  const view = await thread.view();
  const replace: Record<string, Part[]> = {};
  for (const message of view.messages.filter(({ role }) => role === 'tool')) {
    replace[message.id] = message.content.map((part) =>
      part.type === 'tool-result' ? { ...part, output: '[cleared]' } : part,
    );
  }
  const { covers = { closed: { turnSeq: 0, seq: 0 } }, summary } = view.current ?? {};
  const details = detailsOf(view, { action: 'clear', replaced: Object.keys(replace) });
  const keep = view.kept.map((message) => view.ref(message));
  return thread.reshape(
    view,
    { covers, hash: '', keep, ...(summary ? { summary } : {}), replace, details },
    id,
  );
}

function detailsOf(view: View, more: Partial<CompactionDetails>): JsonValue {
  const covered = more.covered ?? [];
  const details: CompactionDetails = {
    by: '@loci/memory-compaction',
    version: 1,
    action: 'summary',
    basis: view.summary ? view.shape : null,
    generation: 1,
    covered,
    replaced: [],
    saw: { ids: covered, characters: 1, hash: '', parts: 1 },
    model: null,
    calls: 0,
    usage: null,
    tokens: { before: 0, after: 0 },
    trigger: 'test',
    prose: '',
    artifacts: [],
    retention: { found: 0, kept: 0 },
    ...more,
  };
  return details as unknown as JsonValue;
}

/** What a view shows, to compare. */
export function shown({ summary, kept, messages, pinned }: View) {
  return { summary: summary && messageText(summary), kept, messages, pinned: [...pinned].sort() };
}

/** Every stored body of every log as text, for looking for what must not be there. */
export async function dump(store: Store): Promise<string> {
  let text = '';
  for await (const { key } of store.logs.list([]))
    for await (const { body } of store.logs.read(key)) text += `${JSON.stringify(body)}\n`;
  return text;
}
