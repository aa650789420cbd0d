import type { Message, Part, Role } from '../message/message.js';
import type { Dialect } from './dialect.js';
import type { Item } from './item.js';
import type { Added, Place } from './report.js';
import type { LossReason } from './why.js';

interface Draft {
  readonly message: Message;
  readonly content: Part[];
  /** The given message that it belongs to; -1 for an added one. */
  readonly source: number;
  /** The calls in it, whose results come next. */
  readonly calls: Item[];
}

/** Puts the parts that are sent into messages, in a legal order. Sets the place of each item. */
export function assemble(
  items: readonly Item[],
  pairs: ReadonlyMap<Item, Item>,
  dialect: Dialect,
): { readonly messages: Message[]; readonly added: Added[] } {
  const drafts: Draft[] = [];
  const added: Added[] = [];
  const copies = new Map<string, number>();
  let open: Draft | undefined;

  const start = (like: Message, role: Role, source: number): Draft => {
    let copy = copies.get(like.id) ?? 0;
    let id = like.id;
    for (; copies.has(id); copy++) id = `${like.id}~${copy + 1}`;
    copies.set(like.id, copy).set(id, 1);
    const content: Part[] = [];
    const draft = { message: { id, role, content, createdAt: like.createdAt }, content, source, calls: [] };
    drafts.push(draft);
    return draft;
  };
  const put = (part: Part): Place => {
    const message = drafts.length - 1;
    return { message, part: (drafts[message]?.content.push(part) ?? 0) - 1 };
  };
  const add = (part: Part, why: LossReason) => added.push({ at: put(part), why: [why] });
  const addMessage = (like: Message, role: Role, text: string) => {
    start(like, role, -1);
    add({ type: 'text', text }, 'message-added');
  };
  const close = () => {
    const asked = open;
    open = undefined;
    if (!asked || asked.calls.length === 0) return;
    const first = pairs.get(asked.calls[0] as Item);
    start(first?.message ?? asked.message, 'tool', -1);
    for (const call of asked.calls) {
      const result = pairs.get(call);
      if (result?.sent) result.at = put(result.sent.part);
      else if (call.sent?.part.type === 'tool-call') {
        const { toolCallId, toolName } = call.sent.part;
        const output = 'There is no result: the call was interrupted.';
        add({ type: 'tool-result', toolCallId, toolName, output, isError: true }, 'call-answered');
      }
    }
  };
  const joins = (item: Item, role: Role) =>
    open?.message.role === role &&
    (open.source === item.messageIndex || (dialect.merge && open.calls.length === 0));
  const begin = (item: Item, role: Role) => {
    close();
    const last = drafts.at(-1)?.message.role;
    if (dialect.bridge !== undefined && role === 'user' && last === 'tool')
      addMessage(item.message, 'assistant', dialect.bridge);
    if (dialect.opening !== undefined && role === 'assistant' && drafts.every(isSystem))
      addMessage(item.message, 'user', dialect.opening);
    open = start(item.message, role, item.messageIndex);
  };

  for (const item of dialect.system === 'first' ? systemFirst(items) : items) {
    // A result in an assistant message stands between the calls before it and what was said after it.
    if (item.part.type === 'tool-result' && item.message.role === 'assistant' && open?.calls.length) close();
    if (!item.sent || item.sent.role === 'tool') continue;
    const { role, part } = item.sent;
    if (!joins(item, role)) begin(item, role);
    item.at = put(part);
    if (part.type === 'tool-call') open?.calls.push(item);
  }
  close();
  const last = drafts.at(-1)?.message;
  if (dialect.closing !== undefined && last && last.role !== 'user' && last.role !== 'tool')
    addMessage(last, 'user', dialect.closing);
  return { messages: drafts.map(({ message }) => message), added };
}

function isSystem({ message }: Draft): boolean {
  return message.role === 'system';
}

/** The items with those of the system in front. Marks the ones that thereby move. */
function systemFirst(items: readonly Item[]): Item[] {
  const front: Item[] = [];
  const rest: Item[] = [];
  let begun = false;
  for (const item of items) {
    const moves = item.sent?.role === 'system';
    (moves ? front : rest).push(item);
    if (moves && begun) item.why.push('system-moved');
    begun ||= !moves && item.sent !== undefined;
  }
  return [...front, ...rest];
}
