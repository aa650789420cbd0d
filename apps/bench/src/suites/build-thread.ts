import { createMessage, type EntryInput, type Thread } from '@loci/core';
import { englishText } from '../texts/english.js';

const turnsPerAppend = 500;

/** About 200 characters, the same for the same number. */
export function question(number: number): string {
  return englishText(200, number + 1);
}

/** Appends a history of that many messages, turn by turn as a model with memory stores them, many turns at a time. */
export async function buildThread(thread: Thread, messages: number): Promise<void> {
  const texts = Array.from({ length: 50 }, (_, index) => question(index));
  for (let first = 0; first < messages / 2; first += turnsPerAppend) {
    const last = Math.min(first + turnsPerAppend, messages / 2);
    const turns = Array.from({ length: last - first }, (_, index) => turnOf(first + index, texts));
    await thread.append(turns.flat());
  }
}

function turnOf(number: number, texts: readonly string[]): EntryInput[] {
  const turnId = `turn-${number}`;
  const message = (index: number, role: 'user' | 'assistant'): EntryInput => ({
    id: `${turnId}.${index}`,
    version: 1,
    turnId,
    kind: 'message',
    data: createMessage({
      role,
      id: `${turnId}.${index}`,
      content: texts[(number + index) % texts.length] as string,
    }),
  });
  const call = { recalled: [], shape: null, usage: null, model: 'scripted/script' };
  return [
    {
      id: `${turnId}.start`,
      version: 1,
      turnId,
      kind: 'turn',
      data: { state: 'started', owner: 'bench', leaseUntil: 0 },
    },
    message(0, 'user'),
    message(1, 'assistant'),
    { id: `${turnId}.call.0`, version: 1, turnId, kind: 'call', data: call },
    { id: `${turnId}.end`, version: 1, turnId, kind: 'turn', data: { state: 'completed' } },
  ];
}
