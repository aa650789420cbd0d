import type { JsonValue, Message, Part, ReasoningPart, Role } from '@loci/core';
import { anyCallId, anyJson, anyReasoning, anyText, anyToolName, hostileMedia } from './any-part.js';
import { pick } from './pick.js';

export interface AnyConversationOptions {
  /** @default 10 */
  readonly maxMessages?: number;
  /** Reasoning of the dialect under test, mixed with that of four other origins. @default none */
  readonly reasoning?: (random: () => number) => ReasoningPart;
}

/**
 * A history that core's types allow and that no vendor would take as it is: tools in parallel, orphaned and duplicate
 * results, calls without results, ids and names that are refused, reasoning of several origins, media in every role,
 * empty parts, roles in any order, late and quoted system text. Histories that are in order are as common as broken ones.
 *
 * @example
 * const messages = anyConversation(createRandom(42)); // the same for the same numbers
 */
export function anyConversation(
  random: () => number,
  { maxMessages = 10, reasoning }: AnyConversationOptions = {},
): Message[] {
  const messages: Message[] = [];
  const size = 1 + Math.floor(random() * maxMessages);
  const say = (role: Role, content: readonly Part[]) => {
    // Some histories hold an id twice, for example after a careless merge of two threads.
    const id = random() < 0.05 ? 'm0' : `m${messages.length}`;
    messages.push({ id, role, content, createdAt: messages.length });
  };
  const makers = { random, ...(reasoning && { reasoning }) };
  while (messages.length < size) {
    const kind = random();
    if (kind < 0.3) sayExchange(makers, say);
    else if (kind < 0.45) say('user', [quoted(random), { type: 'text', text: anyText(random) }]);
    else if (kind < 0.5 && messages.length > 0) messages.push(pick(random, messages));
    else {
      const role = pick<Role>(random, ['system', 'user', 'user', 'assistant', 'assistant', 'tool']);
      say(
        role,
        several(random, 5, 0, () => anyPart(makers)),
      );
    }
  }
  return messages;
}

interface Makers {
  readonly random: () => number;
  readonly reasoning?: (random: () => number) => ReasoningPart;
}

/** Calls with their results: in order or not, complete or not, in one message or several, at once or later. */
function sayExchange(makers: Makers, say: (role: Role, content: readonly Part[]) => void): void {
  const { random } = makers;
  const calls = several(random, 3, 1, () => ({
    type: 'tool-call' as const,
    toolCallId: anyCallId(random),
    toolName: anyToolName(random),
    input: random() < 0.7 ? { city: anyText(random) } : anyJson(random),
  }));
  const before = random() < 0.5 ? [reasoningPart(makers)] : [];
  say('assistant', [...before, ...(random() < 0.3 ? [anyPart(makers)] : []), ...calls]);
  const results = calls
    .filter(() => random() < 0.9)
    .map(({ toolCallId, toolName }) => resultOf(random, toolCallId, toolName));
  if (random() < 0.2) results.reverse();
  if (random() < 0.15) say('user', [anyPart(makers)]);
  if (random() < 0.3) for (const result of results) say('tool', [result]);
  else if (results.length > 0) say('tool', results);
}

function anyPart(makers: Makers): Part {
  const { random } = makers;
  const kind = random();
  if (kind < 0.4) return { type: 'text', text: anyText(random) };
  if (kind < 0.5) return quoted(random);
  if (kind < 0.65) return reasoningPart(makers);
  if (kind < 0.8) return pick(random, hostileMedia);
  const [toolCallId, toolName] = [anyCallId(random), anyToolName(random)];
  return kind < 0.9
    ? { type: 'tool-call', toolCallId, toolName, input: anyJson(random) }
    : resultOf(random, toolCallId, toolName);
}

function reasoningPart({ random, reasoning }: Makers): ReasoningPart {
  return reasoning && random() < 0.5 ? reasoning(random) : anyReasoning(random);
}

function resultOf(random: () => number, toolCallId: string, toolName: string): Part {
  const output: JsonValue = random() < 0.5 ? anyText(random) : anyJson(random);
  return { type: 'tool-result', toolCallId, toolName, output, isError: random() < 0.2 };
}

function quoted(random: () => number): Part {
  return { type: 'text', text: `Summary of what was said before: ${anyText(random)}`, trust: 'quoted' };
}

function several<T>(random: () => number, most: number, least: number, make: () => T): T[] {
  return Array.from({ length: least + Math.floor(random() * (most - least + 1)) }, make);
}
