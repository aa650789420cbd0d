import { createMessage, groupMessages, type Message, messageText } from '@loci/core';
import type { Stage } from './contender.js';
import { rewriting } from './rewriting.js';
import { partText } from './stand-in.js';

const keepLast = 10;
const summaryTokens = 4000;

/** Before every turn all but the last ten messages become one summary, together with the summary before it. */
export const everyTime = rewriting('summarise every time', (stage) => {
  let summaries = 0;
  return async (history) => {
    if (history.at(-1)?.role !== 'user') return { history };
    const { old, rest } = split(history);
    if (old.length === 0 || (old.length === 1 && isSummary(old[0]))) return { history };
    const text = await summarise(stage, old);
    const summary = createMessage({
      role: 'user',
      id: `summary-${summaries++}`,
      createdAt: 0,
      content: text,
    });
    return { history: [summary, ...rest] };
  };
});

/** At a boundary of groups, so that calls keep their results. */
function split(history: readonly Message[]) {
  const groups = groupMessages(history);
  const old: Message[] = [];
  for (const { messages } of groups) {
    if (history.length - old.length - messages.length < keepLast) break;
    old.push(...messages);
  }
  return { old, rest: history.slice(old.length) };
}

function isSummary(message: Message | undefined): boolean {
  return message?.id.startsWith('summary-') ?? false;
}

async function summarise({ model }: Stage, messages: readonly Message[]): Promise<string> {
  const text = messages
    .map(({ role, content }) => `[${role}] ${content.map(partText).join('\n')}`)
    .join('\n');
  const { message } = await model.generate({
    messages: [
      createMessage({
        role: 'system',
        id: 'summariser',
        createdAt: 0,
        content: 'Summarise this conversation.',
      }),
      createMessage({ role: 'user', id: 'conversation', createdAt: 0, content: text }),
    ],
    maxOutputTokens: summaryTokens,
  });
  return messageText(message);
}
