import { type ChatModel, createMessage, messageText, type ToolSpec } from '@loci/core';
import { withMemory } from '@loci/core/turn';
import { createTestClock, scriptedModel } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { type CompactionEvent, type CompactionOptions, compaction } from '../src/index.js';
import { filler, open, said, texts } from './support.js';
import { clearResults } from './threads.js';

const tools: readonly ToolSpec[] = [{ name: 'look', description: 'Looks.', inputSchema: { type: 'object' } }];
const secret = 'KT-4821';

/** Answers turns with codes, and lists every code that it is shown when it is asked for a summary. */
function listing() {
  return scriptedModel(({ messages }, call) => {
    const last = messages.at(-1);
    const asked = last ? messageText(last) : '';
    if (/Summarise/.test(asked)) {
      const codes = new Set(JSON.stringify(messages).match(/\b[A-Z]{2}-\d{4}\b/g));
      return `## Facts\n${[...codes].map((code) => `- ${code}`).join('\n')}`;
    }
    if (asked === 'Look it up.') return { toolCalls: [{ toolName: 'look', input: {}, toolCallId: 'call' }] };
    return `The answer is AN-${1000 + call}. ${filler}`;
  });
}

/** A chat on one vendor, whose cache is warm all the time. */
function openWarm(model: ChatModel, options: CompactionOptions) {
  const events: CompactionEvent[] = [];
  const clock = createTestClock();
  const thread = open();
  const memory = compaction({ ...options, clock, onEvent: (event) => events.push(event) });
  const chat = withMemory(model, { thread, memory: [memory], contextWindow: 100_000, clock });
  const system = createMessage({ role: 'system', id: 'rules', content: 'Be brief.' });
  const send = (message: Parameters<typeof createMessage>[0]) =>
    chat.generate({ messages: [system, createMessage(message)], tools });
  return { thread, send, events: () => events.map(({ type }) => type) };
}

const asksForSummary = (asked: string) => asked.startsWith('Stop here.');

describe('a summariser that is asked behind the conversation itself', () => {
  it('reads what the model read, up to the last message that it covers', async () => {
    const model = listing();
    const chat = openWarm(model, { trigger: { messages: 12 }, preserveLastMessages: 4 });
    for (let turn = 0; turn < 7; turn++)
      await chat.send({ role: 'user', content: `The question is QU-${2000 + turn}.` });
    const index = model.requests.findIndex(({ messages }) => asksForSummary(texts(messages).at(-1) ?? ''));
    const [before, asking, after] = model.requests.slice(index - 1);
    if (!before || !asking || !after) throw new Error('Nobody was asked for a summary.');
    const shown = asking.messages.slice(0, -1);
    expect(shown.length).toBeGreaterThan(5);
    expect(texts(shown)).toEqual(texts(before.messages.slice(0, shown.length)));
    expect(asking.tools).toEqual(before.tools);
    expect(asking.cache?.affinityKey).toBe(before.cache?.affinityKey);
    expect(asking.cache?.prefixEnds).toEqual([shown.at(-1)?.id]);
    const staying = (await chat.thread.view()).messages.slice(0, -2);
    for (const { id } of staying) expect(asking.messages.map((message) => message.id)).not.toContain(id);
  });

  it('is not refused for naming all that it was shown', async () => {
    const model = listing();
    const chat = openWarm(model, { trigger: { messages: 12 }, preserveLastMessages: 6 });
    for (let turn = 0; turn < 7; turn++)
      await chat.send({ role: 'user', content: `The question is QU-${2000 + turn}.` });
    expect(chat.events()).toEqual(['compaction-started', 'compaction-finished']);
    expect(
      model.requests.filter(({ messages }) => asksForSummary(texts(messages).at(-1) ?? '')),
    ).toHaveLength(1);
  });

  it.each([
    [true, 'in full, and so not behind the conversation, by default'],
    [false, 'as the line in their place, where `readCleared` is off'],
  ])('reads results that were cleared earlier (%s): %s', async (readCleared) => {
    const model = listing();
    const chat = openWarm(model, {
      trigger: { messages: 12 },
      preserveLastMessages: 4,
      clearToolResults: { keep: 0 },
      readCleared,
    });
    await chat.send({ role: 'user', content: 'Look it up.' });
    await chat.send({
      role: 'tool',
      content: [
        {
          type: 'tool-result',
          toolCallId: 'call',
          toolName: 'look',
          output: `${secret} ${filler.repeat(20)}`,
          isError: false,
        },
      ],
    });
    await clearResults(chat.thread, 'cleared');
    for (let turn = 0; turn < 6; turn++) await chat.send({ role: 'user', content: `Question ${turn}.` });
    const asking = model.requests.filter(({ messages }) => /Summarise/.test(texts(messages).at(-1) ?? ''));
    expect(asking).toHaveLength(1);
    expect(said(asking).includes(secret)).toBe(readCleared);
    const isBehind = asking.some(({ messages }) => asksForSummary(texts(messages).at(-1) ?? ''));
    expect(isBehind).toBe(!readCleared);
  });
});
