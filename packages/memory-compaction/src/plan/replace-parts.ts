import type { Group, Message, Part } from '@loci/core';
import type { Settings } from '../options/settings.js';
import { describeMedia } from '../text/render-message.js';

/** New content of messages that stay, by id. */
export type Replacements = ReadonlyMap<string, readonly Part[]>;

const clearedMark = '[cleared]';
/** A result of fewer tokens is not worth its line. */
const leastTokens = 60;

function isCleared(part: Part): boolean {
  return (
    part.type === 'tool-result' && typeof part.output === 'string' && part.output.startsWith(clearedMark)
  );
}

/** The line in place of a tool result: what it was, and how to get at it. */
function clearedOutput(tokens: number, toolCallId: string): string {
  return `${clearedMark} ${tokens} tokens of output were removed to save space. They are kept as call ${toolCallId}.`;
}

/** The results of complete groups, without the newest `keep` and those of exempt tools. */
export function clearResults(
  groups: readonly Group[],
  settings: Settings,
  isFixed: (message: Message) => boolean,
  countPart: (part: Part) => number,
): Replacements {
  const { clearToolResults } = settings;
  if (!clearToolResults) return new Map();
  const { exempt } = clearToolResults;
  let left = clearToolResults.keep;
  const replaced = new Map<string, Part[]>();
  for (const { messages, complete } of groups.toReversed()) {
    for (const message of messages.toReversed()) {
      const content = message.content.toReversed().map((part): Part => {
        if (part.type !== 'tool-result') return part;
        // The newest are counted, whoever's they are: a cleared one has had its time.
        if (left-- > 0 || !complete || isFixed(message)) return part;
        if (exempt.includes(part.toolName) || isCleared(part)) return part;
        const tokens = countPart(part);
        if (tokens < leastTokens) return part;
        return { ...part, output: clearedOutput(tokens, part.toolCallId) };
      });
      if (content.some((part, index) => part !== message.content.at(-1 - index)))
        replaced.set(message.id, content.reverse());
    }
  }
  return replaced;
}

/** Without the reasoning of completed turns. A message's reasoning goes as a whole, so no vendor sees half of it. */
export function dropReasoning(
  messages: readonly Message[],
  isFixed: (message: Message) => boolean,
): Replacements {
  return replaceWhere(messages, isFixed, (content) => content.filter((part) => part.type !== 'reasoning'));
}

/** Without calls and results: only complete groups of completed turns, so that none is torn apart. */
export function dropTools(groups: readonly Group[], isFixed: (message: Message) => boolean): Replacements {
  const whole = groups.filter(({ complete, messages }) => complete && !messages.some(isFixed));
  return replaceWhere(
    whole.flatMap(({ messages }) => messages),
    isFixed,
    (content) => {
      const isTool = ({ type }: Part) => type === 'tool-call' || type === 'tool-result';
      if (!content.some(isTool)) return content;
      // Reasoning belongs to the call that it led to.
      return content.filter((part) => !isTool(part) && part.type !== 'reasoning');
    },
  );
}

/** With the names of pictures in their place. */
export function dropImages(
  messages: readonly Message[],
  isFixed: (message: Message) => boolean,
): Replacements {
  return replaceWhere(messages, isFixed, (content) =>
    content.map((part) =>
      part.type === 'image' ? { type: 'text', text: `[${describeMedia(part)}]` } : part,
    ),
  );
}

function replaceWhere(
  messages: readonly Message[],
  isFixed: (message: Message) => boolean,
  change: (content: readonly Part[]) => readonly Part[],
): Replacements {
  const replaced = new Map<string, readonly Part[]>();
  for (const message of messages) {
    if (isFixed(message)) continue;
    const content = change(message.content);
    if (
      content.length !== message.content.length ||
      content.some((part, index) => part !== message.content[index])
    )
      replaced.set(message.id, content);
  }
  return replaced;
}
