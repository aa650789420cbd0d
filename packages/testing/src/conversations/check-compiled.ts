import { isDeepStrictEqual } from 'node:util';
import type { Message, Part } from '@loci/core';
import { type CompiledConversation, compileConversation, type Dialect } from '@loci/core/conversation';
import { findViolations } from './find-violations.js';

/**
 * Compiles a history and says in sentences what is wrong with the outcome; none where it is as promised: legal by the
 * table, the same when compiled again, a report that accounts for every part once, and nothing invented.
 *
 * @example
 * expect(checkCompiled(anyConversation(random), dialect)).toEqual([]);
 */
export function checkCompiled(messages: readonly Message[], dialect: Dialect): string[] {
  const compiled = compileConversation(messages, dialect);
  return [
    ...findViolations(compiled.messages, dialect),
    ...checkAgain(compiled, dialect),
    ...checkAccount(messages, compiled),
    ...checkOrigin(messages, compiled),
    ...checkOrder(messages, compiled),
    ...checkWayBack(messages, compiled),
  ];
}

function checkAgain(compiled: CompiledConversation, dialect: Dialect): string[] {
  const again = compileConversation(compiled.messages, dialect);
  const { rewritten, dropped, added } = again.report;
  const changes = [...rewritten, ...dropped, ...added].map(({ why }) => why.join());
  return changes.length > 0 || !isDeepStrictEqual(again.messages, compiled.messages)
    ? [`compiled again it changes: ${changes}`]
    : [];
}

/** Every given part is accounted for once, and so is every part that is sent. */
function checkAccount(
  messages: readonly Message[],
  { messages: sent, report }: CompiledConversation,
): string[] {
  const { kept, rewritten, dropped, added } = report;
  const given = messages.flatMap((message, messageIndex) =>
    message.content.map((_, partIndex) => `${messageIndex} ${partIndex} ${message.id}`),
  );
  const accounted = [...kept, ...rewritten, ...dropped].map(
    ({ messageIndex, partIndex, messageId }) => `${messageIndex} ${partIndex} ${messageId}`,
  );
  const places = sent.flatMap(({ content }, message) => content.map((_, part) => `${message} ${part}`));
  const named = [...kept, ...rewritten, ...added].map(({ at }) => `${at.message} ${at.part}`);
  const reasons = [...rewritten, ...dropped, ...added].every(({ why }) => why.length > 0);
  return [
    ...(isDeepStrictEqual(accounted.sort(), given.sort()) ? [] : ['the report misses parts that were given']),
    ...(isDeepStrictEqual(named.sort(), places.sort()) ? [] : ['the report misses parts that are sent']),
    ...(reasons ? [] : ['the report does not say why']),
  ];
}

/** What was kept is the same, what was rewritten holds what it held, and the rest is the dialect's own. */
function checkOrigin(
  messages: readonly Message[],
  { messages: sent, report }: CompiledConversation,
): string[] {
  const partAt = (at: { readonly message: number; readonly part: number }) =>
    sent[at.message]?.content[at.part];
  const partOf = (source: { readonly messageIndex: number; readonly partIndex: number }) =>
    messages[source.messageIndex]?.content[source.partIndex];
  const changed = report.kept.filter((item) => !isDeepStrictEqual(partAt(item.at), partOf(item)));
  const lost = report.rewritten.filter((item) => !holds(partAt(item.at), partOf(item)));
  const invented = report.added.filter(({ why }) =>
    why.some((one) => !/^(?:message-added|call-answered)$/.test(one)),
  );
  return [
    ...changed.map(
      ({ messageIndex, partIndex }) => `messages[${messageIndex}].content[${partIndex}] is not as it was`,
    ),
    ...lost.map(
      ({ messageIndex, partIndex }) => `messages[${messageIndex}].content[${partIndex}] lost what it held`,
    ),
    ...invented.map(({ why }) => `invented: ${why}`),
  ];
}

function holds(sent: Part | undefined, given: Part | undefined): boolean {
  if (!sent || !given) return false;
  const text = JSON.stringify(sent);
  switch (given.type) {
    case 'text':
      return isDeepStrictEqual(sent, given);
    case 'tool-call':
      return text.includes(JSON.stringify(given.input));
    case 'tool-result':
      return sent.type === 'text'
        ? sent.trust === 'quoted' &&
            sent.text.endsWith(typeof given.output === 'string' ? given.output : JSON.stringify(given.output))
        : sent.type === 'tool-result' &&
            isDeepStrictEqual([sent.output, sent.isError], [given.output, given.isError]);
    default:
      return (
        sent.type === 'text' &&
        sent.text.includes(given.type === 'reasoning' ? given.text : given.data.slice(0, 8))
      );
  }
}

/** Only results and system messages that were moved stand elsewhere than they stood. */
function checkOrder(messages: readonly Message[], { report }: CompiledConversation): string[] {
  const stayed = report.rewritten.filter(({ why }) => !why.includes('system-moved'));
  const inOrder = [...report.kept, ...stayed]
    .filter((item) => messages[item.messageIndex]?.content[item.partIndex]?.type !== 'tool-result')
    .sort((a, b) => a.messageIndex - b.messageIndex || a.partIndex - b.partIndex);
  const moved = inOrder.filter(({ at }, index) => {
    const before = inOrder[index - 1]?.at;
    return (
      before && (before.message > at.message || (before.message === at.message && before.part >= at.part))
    );
  });
  return moved.map(
    ({ messageIndex, partIndex }) => `messages[${messageIndex}].content[${partIndex}] was moved`,
  );
}

/** Ids and names on the wire lead back to those of the calls that were given. */
function checkWayBack(messages: readonly Message[], compiled: CompiledConversation): string[] {
  const { messages: sent, report, callIds, toolNames } = compiled;
  return [...report.kept, ...report.rewritten].flatMap(({ at, messageIndex, partIndex }) => {
    const part = sent[at.message]?.content[at.part];
    const given = messages[messageIndex]?.content[partIndex];
    if (part?.type !== 'tool-call' || given?.type !== 'tool-call') return [];
    const back = [callIds.get(part.toolCallId), toolNames.get(part.toolName)];
    return isDeepStrictEqual(back, [given.toolCallId, given.toolName])
      ? []
      : [`${part.toolCallId} leads nowhere`];
  });
}
