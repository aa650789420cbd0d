import { blocksOf, type MessagesBody, type WireBlock, type WireMessage } from '../answer.js';
import { isSealed, signThinking } from '../sign.js';
import { firstRefusal } from './checks.js';

/** The order of messages, of calls and results, and the origin of thinking, which no schema states. */
export function judgeConversation(body: MessagesBody): string | undefined {
  return (
    judgeEmptiness(body.messages) ??
    judgeFirst(body.messages) ??
    judgeTools(body) ??
    judgeEnds(body.messages) ??
    firstRefusal(body.messages, (message, at) => judgeThinking(message, at, body.model))
  );
}

function judgeEmptiness(messages: readonly WireMessage[]): string | undefined {
  return firstRefusal(messages, ({ content }, at) => {
    const isLast = at === messages.length - 1;
    if (typeof content === 'string' ? content !== '' && content.trim() === '' : false)
      return 'messages: text content blocks must contain non-whitespace text';
    if (content.length > 0) return undefined;
    return isLast && messages[at]?.role === 'assistant'
      ? undefined
      : `messages.${at}: all messages must have non-empty content except for the optional final assistant message`;
  });
}

function judgeFirst(messages: readonly WireMessage[]): string | undefined {
  const first = messages.find((message) => message.role !== 'system');
  return first?.role === 'user' ? undefined : 'messages: first message must use the "user" role';
}

interface Turn {
  readonly role: string;
  readonly blocks: readonly { readonly block: WireBlock; readonly path: string }[];
}

/** As the vendor reads them: consecutive messages of one role are one turn. */
export function turnsOf(messages: readonly WireMessage[]): Turn[] {
  const turns: { role: string; blocks: { block: WireBlock; path: string }[] }[] = [];
  for (const [at, { role, content }] of messages.entries()) {
    const blocks = blocksOf(content).map((block, index) => ({
      block,
      path: `messages.${at}.content.${index}`,
    }));
    const last = turns.at(-1);
    if (last?.role === role) last.blocks.push(...blocks);
    else turns.push({ role, blocks });
  }
  return turns;
}

function judgeTools(body: MessagesBody): string | undefined {
  const turns = turnsOf(body.messages);
  const all = turns.flatMap((turn) => turn.blocks);
  const seen = new Set<string | undefined>();
  for (const { block, path } of all) {
    if (block.type !== 'tool_use') continue;
    if (seen.has(block.id)) return `${path}: \`tool_use\` ids must be unique`;
    seen.add(block.id);
  }
  if (!body.tools?.length && all.some(({ block }) => /^tool_(?:use|result)$/.test(block.type)))
    return 'Requests which include `tool_use` or `tool_result` blocks must define tools';
  return firstRefusal(
    turns,
    (turn, at) => judgeCalls(turn, turns[at + 1], at) ?? judgeResults(turn, turns[at - 1]),
  );
}

function judgeCalls(turn: Turn, next: Turn | undefined, at: number): string | undefined {
  const calls = turn.blocks.flatMap(({ block }) => (block.type === 'tool_use' ? [block.id ?? ''] : []));
  if (calls.length === 0) return undefined;
  const blocks = next?.role === 'user' ? next.blocks : [];
  const first = blocks.findIndex(({ block }) => block.type !== 'tool_result');
  const leading = first === -1 ? blocks : blocks.slice(0, first);
  const answered = new Set(leading.map(({ block }) => block.tool_use_id));
  const missing = calls.filter((id) => !answered.has(id));
  return missing.length === 0
    ? undefined
    : `messages.${at}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
}

function judgeResults(turn: Turn, before: Turn | undefined): string | undefined {
  const open = new Set(
    (before?.role === 'assistant' ? before.blocks : []).flatMap(({ block }) =>
      block.type === 'tool_use' ? [block.id] : [],
    ),
  );
  const answered = new Set<string | undefined>();
  return firstRefusal(turn.blocks, ({ block, path }) => {
    if (block.type !== 'tool_result') return undefined;
    if (!open.has(block.tool_use_id))
      return `${path}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${block.tool_use_id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`;
    if (answered.has(block.tool_use_id))
      return `${path}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${block.tool_use_id}`;
    answered.add(block.tool_use_id);
    return undefined;
  });
}

function judgeEnds(messages: readonly WireMessage[]): string | undefined {
  return firstRefusal(turnsOf(messages), ({ role, blocks }) => {
    const last = blocks.at(-1);
    return role === 'assistant' && last && /thinking$/.test(last.block.type)
      ? `${last.path}: The final block in an assistant message cannot be \`thinking\`.`
      : undefined;
  });
}

function judgeThinking({ content }: WireMessage, at: number, model: string): string | undefined {
  return firstRefusal(blocksOf(content), (block, index) => {
    const path = `messages.${at}.content.${index}`;
    if (block.type === 'thinking' && block.signature !== signThinking(model, block.thinking ?? ''))
      return `${path}: Invalid \`signature\` in \`thinking\` block`;
    if (block.type === 'redacted_thinking' && !isSealed(model, block.data ?? ''))
      return `${path}: Invalid \`data\` in \`redacted_thinking\` block`;
    return undefined;
  });
}
