import type { Message, Part } from '@loci/core';
import type { Dialect, NameRule } from '@loci/core/conversation';

/**
 * Where a compiled conversation breaks the table of its dialect, in sentences; none where it is legal. Written from the
 * table alone: it shares no code with the compiler.
 */
export function findViolations(messages: readonly Message[], dialect: Dialect): string[] {
  return [
    ...messages.flatMap((message, index) =>
      [...checkMessage(message, dialect), ...checkNeighbours(messages, index, dialect)].map(
        (reason) => `messages[${index}] ${reason}`,
      ),
    ),
    ...checkIds(messages),
    ...checkEnds(messages, dialect),
  ];
}

function checkMessage({ role, content }: Message, dialect: Dialect): string[] {
  const problems = content.length === 0 ? ['is empty'] : [];
  if (role === 'system' && dialect.system === 'none') problems.push('is a system message');
  for (const [index, part] of content.entries()) {
    if (!mayHold(role, part)) problems.push(`holds a ${part.type} as ${role}`);
    if (part.type === 'text' && role === 'system' && part.trust === 'quoted')
      problems.push('gives quoted text the system role');
    problems.push(...checkPart(part, content[index + 1], role, dialect));
  }
  return problems;
}

function mayHold(role: Message['role'], { type }: Part): boolean {
  if (role === 'tool') return type === 'tool-result';
  if (type === 'tool-result') return false;
  return role === 'assistant' || (type !== 'tool-call' && type !== 'reasoning');
}

function checkPart(part: Part, next: Part | undefined, role: Message['role'], dialect: Dialect): string[] {
  switch (part.type) {
    case 'text':
      if (part.text === '') return ['holds an empty text'];
      return dialect.blankText || part.text.trim() !== '' ? [] : ['holds a blank text'];
    case 'image':
    case 'file':
      return dialect.media(part, role) === part ? [] : [`holds a ${part.mediaType} that is refused`];
    case 'reasoning':
      return [
        ...(dialect.reasoning(part) ? [] : ['replays reasoning where it may not']),
        ...(next ? [] : ['ends with reasoning']),
      ];
    case 'tool-call':
      return [
        ...checkName(part.toolCallId, dialect.callIds),
        ...checkName(part.toolName, dialect.toolNames),
        ...(!dialect.objectInputs || isObject(part.input) ? [] : ['calls with an input that is no object']),
      ];
    case 'tool-result':
      return [];
  }
}

function checkName(name: string, { pattern, maxLength }: NameRule): string[] {
  return pattern.test(name) && name.length <= maxLength ? [] : [`uses the name ${JSON.stringify(name)}`];
}

function checkNeighbours(messages: readonly Message[], index: number, dialect: Dialect): string[] {
  const [before, message] = [messages[index - 1], messages[index]];
  if (!message) return [];
  const problems: string[] = [];
  const asked = idsOf(before, 'tool-call');
  const answers = idsOf(message, 'tool-result');
  if (asked.join('\n') !== answers.join('\n')) problems.push(`answers [${answers}] to the calls [${asked}]`);
  if (before?.role === message.role && (dialect.merge || message.role === 'tool') && asked.length === 0)
    problems.push('has the role of the one before it');
  if (message.role === 'system' && dialect.system === 'first' && before && before.role !== 'system')
    problems.push('is a system message that is not first');
  if (message.role === 'user' && before?.role === 'tool' && dialect.bridge !== undefined)
    problems.push('is the user’s, directly behind results');
  const begins = messages.slice(0, index).every(({ role }) => role === 'system');
  if (message.role === 'assistant' && dialect.opening !== undefined && begins)
    problems.push('is the assistant’s, and first');
  return problems;
}

function checkIds(messages: readonly Message[]): string[] {
  const ids = messages.flatMap((message) => idsOf(message, 'tool-call'));
  return new Set(ids).size === ids.length ? [] : ['two calls have one id'];
}

function checkEnds(messages: readonly Message[], dialect: Dialect): string[] {
  const last = messages.at(-1);
  if (!last) return [];
  const open = idsOf(last, 'tool-call').length > 0 ? ['the last calls have no results'] : [];
  const ends = dialect.closing === undefined || last.role === 'user' || last.role === 'tool';
  return ends ? open : [...open, `the last message is the ${last.role}'s`];
}

function idsOf(message: Message | undefined, type: 'tool-call' | 'tool-result'): string[] {
  return (message?.content ?? []).flatMap((part) =>
    part.type === type && 'toolCallId' in part ? [part.toolCallId] : [],
  );
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
