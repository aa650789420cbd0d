import { createMessage, type EntryInput, type Message, type Role, type TurnState } from '../src/index.js';

/** A stored message, without a turn unless one is named. */
export function messageEntry(
  id: string,
  text: string,
  more: { turnId?: string; role?: Role; pinned?: boolean; agentId?: string } = {},
): EntryInput {
  const { turnId, role = 'user', pinned, agentId } = more;
  const data = createMessage({
    id,
    role,
    content: text,
    createdAt: 1,
    ...(pinned === undefined ? {} : { pinned }),
    ...(agentId === undefined ? {} : { agentId }),
  });
  return { id, version: 1, kind: 'message', data, ...(turnId === undefined ? {} : { turnId }) };
}

export function turnEntry(turnId: string, data: TurnState, id?: string): EntryInput {
  const mark = data.state === 'started' ? `${turnId}.start` : `${turnId}.end`;
  return { id: id ?? mark, version: 1, kind: 'turn', turnId, data };
}

export const started: TurnState = { state: 'started', owner: 'o', leaseUntil: 0 };
export const completed: TurnState = { state: 'completed' };

/** One completed chat turn as the entries of a single append. */
export function chatTurn(turnId: string, question: string, answer: string): EntryInput[] {
  return [
    turnEntry(turnId, started),
    messageEntry(`${turnId}.0`, question, { turnId }),
    messageEntry(`${turnId}.1`, answer, { turnId, role: 'assistant' }),
    turnEntry(turnId, completed),
  ];
}

export const ids = (messages: readonly Message[]) => messages.map((message) => message.id);
