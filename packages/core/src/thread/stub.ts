import type { Message, Part } from '../message/message.js';
import type { Entry } from './entry.js';

const removed = '[redacted]';

/** What stays of a redacted message: ids and names of tool calls, so that calls and results still meet. */
export function stubMessage(message: Message): Message {
  const { id, role, createdAt, agentId } = message;
  const content = message.content.flatMap((part): Part[] => {
    if (part.type === 'tool-call') return [{ ...part, input: {} }];
    if (part.type === 'tool-result') return [{ ...part, output: removed }];
    return [];
  });
  return { id, role, content, createdAt, ...(agentId === undefined ? {} : { agentId }) };
}

/** What stays of a redacted entry; the kind and every reference stay. */
export function stubData(entry: Entry): unknown {
  switch (entry.kind) {
    case 'message':
      return stubMessage(entry.data);
    case 'overlay':
      return { covers: entry.data.covers, hash: '', keep: entry.data.keep };
    case 'turn':
      return entry.data.state === 'failed' ? { state: 'failed', reason: removed } : entry.data;
    case 'call':
    case 'clear':
    case 'revert':
    case 'redaction':
    case 'pin':
      return entry.data;
    default:
      return null;
  }
}
