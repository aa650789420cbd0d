import type { Message } from '../message/message.js';
import { assemble } from './assemble.js';
import type { CompiledConversation } from './compiled.js';
import { decide } from './decide.js';
import type { Dialect } from './dialect.js';
import { type Item, toItems } from './item.js';
import { pairCalls } from './pair-calls.js';
import {
  type Dropped,
  type Kept,
  type PartSource,
  type Place,
  type Rewritten,
  toWarnings,
} from './report.js';
import { toWireNames } from './wire-names.js';

export interface CompileOptions {
  /** Names of the tools that the request declares: they and the names in the history are rewritten alike. @default none */
  readonly tools?: readonly string[];
}

/**
 * Makes any history a legal conversation of a dialect, and accounts for every part of it. Nothing is thrown: a history
 * of which nothing can be sent becomes an empty list. Linear; the history is not changed, its parts are shared.
 *
 * @example
 * const { messages, warnings } = compileConversation(request.messages, dialect);
 */
export function compileConversation(
  messages: readonly Message[],
  dialect: Dialect,
  { tools = [] }: CompileOptions = {},
): CompiledConversation {
  const items = toItems(messages);
  const called = items.flatMap(({ part }) => (part.type === 'tool-call' ? [part.toolName] : []));
  const wireNames = toWireNames([...tools, ...called], dialect.toolNames);
  const pairs = pairCalls(items);
  const { callIds } = decide(items, pairs, wireNames, dialect);
  const { messages: compiled, added } = assemble(items, pairs, dialect);
  const report = { ...account(items), added };
  return {
    messages: compiled,
    report,
    warnings: toWarnings(report),
    callIds,
    toolNames: new Map([...wireNames].map(([name, wire]) => [wire, name])),
    wireNames,
    endOf: (messageId) => endOf(items, messageId),
  };
}

function account(items: readonly Item[]) {
  const kept: Kept[] = [];
  const rewritten: Rewritten[] = [];
  const dropped: Dropped[] = [];
  for (const { message, messageIndex, partIndex, at, why } of items) {
    const source: PartSource = { messageId: message.id, messageIndex, partIndex };
    if (!at) dropped.push({ ...source, why });
    else if (why.length > 0) rewritten.push({ ...source, at, why });
    else kept.push({ ...source, at });
  }
  return { kept, rewritten, dropped };
}

/** A result is sent further up than it stood, so the last place counts, not the place of the last part. */
function endOf(items: readonly Item[], messageId: string): Place | undefined {
  let end: Place | undefined;
  for (const { message, at } of items) {
    if (message.id !== messageId || !at) continue;
    if (!end || at.message > end.message || (at.message === end.message && at.part > end.part)) end = at;
  }
  return end;
}
