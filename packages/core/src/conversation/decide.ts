import type { MediaPart, Part, Role, TextPart, ToolCallPart, ToolResultPart } from '../message/message.js';
import type { Dialect } from './dialect.js';
import type { Item } from './item.js';
import { quoteResult } from './result-text.js';
import { createNaming } from './wire-names.js';

export interface Decided {
  /** The caller's id of each call, by its id on the wire. */
  readonly callIds: ReadonlyMap<string, string>;
}

/** Decides of every part whether it is sent, in which role and form, and why not as it was. */
export function decide(
  items: readonly Item[],
  pairs: ReadonlyMap<Item, Item>,
  wireNames: ReadonlyMap<string, string>,
  dialect: Dialect,
): Decided {
  for (const item of items) {
    const { part } = item;
    if (part.type === 'text') decideText(item, part, dialect);
    else if (part.type === 'image' || part.type === 'file') decideMedia(item, part, dialect);
    else if (part.type === 'tool-result' && !pairs.has(item))
      send(item, 'user', quoteResult(part), 'tool-result-quoted');
  }
  const callIds = decideCalls(items, pairs, wireNames, dialect);
  decideReasoning(items, dialect);
  return { callIds };
}

function decideText(item: Item, part: TextPart, dialect: Dialect): void {
  if (part.text === '' || (!dialect.blankText && part.text.trim() === '')) {
    item.why.push('text-empty');
    return;
  }
  const { role } = item.message;
  // What somebody else wrote never gains the authority of the system.
  if (role === 'system' && part.trust === 'quoted') send(item, 'user', part, 'quoted-as-user');
  else if (role === 'system' && dialect.system === 'none') send(item, 'user', part, 'system-as-user');
  else send(item, plainRole(role), part);
}

function decideMedia(item: Item, part: MediaPart, dialect: Dialect): void {
  const { role } = item.message;
  const sentAs = role === 'system' && dialect.system === 'none' ? 'user' : plainRole(role);
  const taken = dialect.media(part, sentAs);
  if (!taken || (taken.type === 'text' && taken.text.trim() === '')) item.why.push('media-dropped');
  else if (taken === part) send(item, sentAs, part);
  else send(item, sentAs, taken, 'media-as-text');
}

function decideCalls(
  items: readonly Item[],
  pairs: ReadonlyMap<Item, Item>,
  wireNames: ReadonlyMap<string, string>,
  dialect: Dialect,
): ReadonlyMap<string, string> {
  const isSent = (item: Item) =>
    item.message.role === 'assistant' && (pairs.has(item) || dialect.unanswered === 'answer');
  const sent: { readonly item: Item; readonly call: ToolCallPart }[] = [];
  for (const item of items) {
    if (item.part.type !== 'tool-call') continue;
    if (isSent(item)) sent.push({ item, call: item.part });
    else item.why.push('tool-call-dropped');
  }
  const callIds = new Map<string, string>();
  const name = createNaming(
    sent.map(({ call }) => call.toolCallId),
    dialect.callIds,
  );
  for (const { item, call } of sent) {
    const toolCallId = name(call.toolCallId);
    const toolName = wireNames.get(call.toolName) ?? call.toolName;
    callIds.set(toolCallId, call.toolCallId);
    sendPair(item, call, { toolCallId, toolName });
    const result = pairs.get(item);
    if (result?.part.type === 'tool-result') sendPair(result, result.part, { toolCallId, toolName });
    const sentCall = item.sent?.part;
    if (dialect.objectInputs && sentCall?.type === 'tool-call' && !isObject(call.input))
      send(item, 'assistant', { ...sentCall, input: { value: call.input } }, 'input-wrapped');
  }
  return callIds;
}

function sendPair(
  item: Item,
  part: ToolCallPart | ToolResultPart,
  wire: { readonly toolCallId: string; readonly toolName: string },
): void {
  if (part.toolCallId !== wire.toolCallId) item.why.push('call-id');
  if (part.toolName !== wire.toolName) item.why.push('tool-name');
  const role = part.type === 'tool-call' ? 'assistant' : 'tool';
  send(item, role, item.why.length === 0 ? part : { ...part, ...wire });
}

/** Reasoning goes where it came from, and only in front of what it led to: no vendor takes it alone. */
function decideReasoning(items: readonly Item[], dialect: Dialect): void {
  const ids = new Set<string>();
  let leads = false;
  let messageIndex = -1;
  for (let index = items.length - 1; index >= 0; index--) {
    const item = items[index];
    if (!item) continue;
    const { part, message } = item;
    if (item.messageIndex !== messageIndex) leads = false;
    messageIndex = item.messageIndex;
    if (part.type === 'reasoning') {
      const id = dialect.reasoningId?.(part);
      if (!leads || message.role !== 'assistant') item.why.push('reasoning-dropped');
      else if (!dialect.reasoning(part)) item.why.push('reasoning-foreign');
      else if (id !== undefined && ids.has(id)) item.why.push('reasoning-repeated');
      else {
        if (id !== undefined) ids.add(id);
        send(item, 'assistant', part);
      }
    } else if (part.type === 'tool-call') leads = item.sent !== undefined;
    else if (part.type === 'tool-result') leads = false;
    else leads ||= item.sent !== undefined;
  }
}

function send(item: Item, role: Role, part: Part, why?: Item['why'][number]): void {
  item.sent = { role, part };
  if (why) item.why.push(why);
}

/** Beside results, a tool message holds what the user could have said. */
function plainRole(role: Role): Role {
  return role === 'tool' ? 'user' : role;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
