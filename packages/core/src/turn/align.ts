import { canonicalJson } from '../json.js';
import { hashText } from '../message/hash.js';
import type { JsonValue, Message, Part } from '../message/message.js';
import type { Entry } from '../thread/entry.js';
import type { Fold, Thread } from '../thread/thread.js';

/** How a whole history, as a caller sends it, meets the log. */
export interface Alignment {
  /** What the log does not have yet; `undefined` where the two histories differ. */
  readonly added: readonly Message[] | undefined;
  /** The open turn that the sent history goes on with. */
  readonly turnId: string | undefined;
  /** Messages of completed turns that both have, from the start. */
  readonly common: number;
  /** Seq of the last entry after which the log holds nothing that the sent history lacks; 0 for its beginning. */
  readonly boundary: number;
}

interface Known {
  readonly id: string;
  /** Undefined for a redacted message: its text is gone, so whatever the caller sends in its place is taken to be it. */
  hash: string | undefined;
}
interface State {
  readonly done: Known[];
  readonly boundaries: { readonly seq: number; readonly count: number }[];
  readonly open: Map<string, Known[]>;
  readonly byId: Map<string, Known>;
}

/** The unshaped log: summaries and windows change what a model sees, not what was said. */
const history: Fold<State> = {
  name: 'core/history',
  initial: () => ({ done: [], boundaries: [], open: new Map(), byId: new Map() }),
  apply(state, entry: Entry) {
    const { turnId } = entry;
    if (entry.kind === 'message') {
      const known = { id: entry.id, hash: fingerprint(entry.data) };
      state.byId.set(entry.id, known);
      if (turnId !== undefined) state.open.get(turnId)?.push(known);
      else add(state, [known], entry.seq);
    } else if (entry.kind === 'turn' && turnId !== undefined) {
      const messages = state.open.get(turnId) ?? [];
      if (entry.data.state === 'started') state.open.set(turnId, []);
      else if (entry.data.state !== 'claimed') state.open.delete(turnId);
      if (entry.data.state === 'completed') add(state, messages, entry.seq);
    } else if (entry.kind === 'redaction') {
      for (const id of entry.data.ids) {
        const known = state.byId.get(id);
        if (known) known.hash = undefined;
      }
    }
    return state;
  },
};

/**
 * Aligns a whole history with the log. Ids, reasoning and empty messages do not count: callers do not send them back.
 * Linear in the history that was sent.
 */
export async function alignHistory(thread: Thread, sent: readonly Message[]): Promise<Alignment> {
  const state = await thread.fold(history);
  const prints = sent.map(fingerprint);
  // Positions of the messages that count.
  const telling = prints.flatMap((print, index) => (print === '' ? [] : [index]));
  const said = telling.map((index) => prints[index]);
  const matches = (known: readonly Known[], from: number) =>
    known.every(
      ({ hash }, index) => from + index < said.length && (hash === undefined || hash === said[from + index]),
    );
  const rest = (count: number) => sent.slice(telling[count] ?? sent.length);

  // A redacted message is empty when it is read again, and counts all the same: only now is it known which are which.
  const done: Known[] = [];
  const countUpTo = [0, ...state.done.map((known) => (known.hash === '' ? done.length : done.push(known)))];
  let common = 0;
  while (common < done.length && common < said.length && matches([done[common] as Known], common)) common++;
  // Something must be left to ask: a history that the log has in full asks for its last message again.
  const reach = Math.min(common, Math.max(0, said.length - 1));
  const boundary = state.boundaries.findLast(({ count }) => (countUpTo[count] ?? 0) <= reach)?.seq ?? 0;
  if (common < done.length) return { added: undefined, turnId: undefined, common, boundary };
  for (const [turnId, messages] of [...state.open].reverse()) {
    const open = messages.filter(({ hash }) => hash !== '');
    const added = rest(common + open.length);
    if (open.length > 0 && matches(open, common) && added[0]?.role === 'tool')
      return { added, turnId, common, boundary };
  }
  const added = rest(common);
  return { added: added.length > 0 ? added : undefined, turnId: undefined, common, boundary };
}

/** A digest of the first `count` messages that were sent, for naming a branch of a conversation. */
export function branchName(sent: readonly Message[], count: number): string {
  return hashText(
    sent
      .map(fingerprint)
      .filter((print) => print !== '')
      .slice(0, count)
      .join(' '),
  );
}

function add(state: State, messages: readonly Known[], seq: number): void {
  for (const known of messages) state.done.push(known);
  state.boundaries.push({ seq, count: state.done.length });
}

/** Equal for messages that say the same, whoever serialised them; empty for one that says nothing. */
function fingerprint(message: Message): string {
  const text = message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const others = message.content.flatMap((part) => canonicalPart(part));
  return text === '' && others.length === 0 ? '' : hashText(canonicalJson([message.role, text, ...others]));
}

function canonicalPart(part: Part): JsonValue[] {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return [];
    case 'image':
    case 'file':
      return [[part.type, part.mediaType, part.data]];
    case 'tool-call':
      return [['call', part.toolCallId, part.toolName, part.input]];
    case 'tool-result':
      // Chat formats carry results as text: the value and its JSON text are the same result.
      return [
        ['result', part.toolCallId, typeof part.output === 'string' ? parsed(part.output) : part.output],
      ];
  }
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
