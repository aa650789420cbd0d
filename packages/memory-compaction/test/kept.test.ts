import { createMemoryStore, createMessage, groupMessages, messageText, type Thread } from '@loci/core';
import { openTurn } from '@loci/core/turn';
import { scriptedModel } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { type Compaction, type CompactionOptions, chatWithMemory, compaction } from '../src/index.js';
import { filler, open, openChat, summariser } from './support.js';

const terse: CompactionOptions = {
  summaryModel: summariser(),
  preserveLastMessages: 2,
  summaryMaxTokens: 200,
  clearToolResults: false,
};

/** A turn as an agent runs it: each step is stored, and the model is asked after each. */
async function runTurn(
  thread: Thread,
  memory: Compaction,
  question: string,
  steps: number,
  asked = () => {},
): Promise<void> {
  const model = scriptedModel([]);
  const input = [createMessage({ role: 'user', content: question })];
  const turn = await openTurn({
    thread,
    memory: [memory],
    traits: model.traits,
    model,
    contextWindow: 4000,
    durable: true,
    input,
  });
  await turn.request({});
  for (let step = 0; step < steps; step++) {
    const call = { toolCallId: `${turn.id}-${step}`, toolName: 'look' };
    await turn.commit([
      createMessage({ role: 'assistant', content: [{ type: 'tool-call', ...call, input: { step } }] }),
      createMessage({
        role: 'tool',
        content: [{ type: 'tool-result', ...call, output: `Step ${step}. ${filler}`, isError: false }],
      }),
    ]);
    await turn.request({});
    asked();
  }
  await turn.commit([createMessage({ role: 'assistant', content: 'Done.' })]);
  await turn.complete();
}

describe('what stays in sight', () => {
  it('[D4] [D5] the question of a turn that was compacted while it ran stays until its end, and no longer', async () => {
    const thread = open();
    const passes: string[] = [];
    const memory = compaction({
      ...terse,
      tokenThreshold: 900,
      onEvent: (event) => {
        if (event.type === 'compaction-finished') passes.push(event.id);
      },
    });
    for (let index = 0; index < 10; index++) await runTurn(thread, memory, `Question ${index}?`, 12);
    expect(passes.length).toBeGreaterThan(20);
    const { kept } = await thread.view();
    expect(kept.map(messageText)).toEqual(['Question 9?']);
    // In every view of the turn its own question was there.
    for await (const entry of thread.entries()) {
      if (entry.kind !== 'overlay' || !entry.data.covers.open) continue;
      const { turnId } = entry.data.covers.open;
      expect(entry.data.keep.map(({ id }) => id)).toEqual([`${turnId}.0`]);
    }
  });

  it('[D4] pictures that stay do not pile up over the generations, and the newest are those that stay', async () => {
    const memory = compaction({ ...terse, tokenThreshold: 12_000, preserveImages: true });
    const chat = openChat(memory);
    const picture = { type: 'image', mediaType: 'image/png', data: 'aGVsbG8=' } as const;
    for (let index = 0; index < 60; index++)
      await chat.say([{ type: 'text', text: `Picture ${index}` }, picture]);
    const { kept, messages } = await chat.thread.view();
    // A quarter of the threshold, 1100 tokens each.
    expect(kept).toHaveLength(2);
    const shown = [...kept, ...messages].map(messageText).filter((text) => text.startsWith('Picture'));
    expect(shown).toEqual(Array.from(shown, (_, index) => `Picture ${60 - shown.length + index}`));
  });
});

describe('a turn that is compacted while it runs', () => {
  it('[D3] what was covered a moment ago is not measured again: one pass is enough', async () => {
    const thread = open();
    const passes = [0];
    const memory = compaction({
      ...terse,
      trigger: { fraction: 1 },
      coldFraction: 1,
      onEvent: ({ type }) => {
        if (type === 'compaction-started') passes.push((passes.pop() ?? 0) + 1);
      },
    });
    await runTurn(thread, memory, 'Question?', 40, () => passes.push(0));
    expect(passes.filter((count) => count > 0).length).toBeGreaterThan(0);
    expect(Math.max(...passes)).toBe(1);
  });
});

describe('what is out of sight', () => {
  it('[D4] stays so in later passes: a result does not come back without its call', async () => {
    const memory = compaction({
      ...terse,
      tokenThreshold: 900,
      preserveLastMessages: 8,
      preserveToolCalls: false,
    });
    const model = scriptedModel(({ messages }, call) => {
      const calls = { toolCalls: [{ toolName: 'look', input: {}, toolCallId: `call-${call}` }] };
      return { text: 'I look.', ...(messages.at(-1)?.role === 'user' ? calls : {}) };
    });
    const chat = openChat(memory, { model });
    const passes = new Set<string | null>();
    for (let index = 0; index < 20; index++) {
      await chat.useTool(`question ${index}`, filler);
      const { messages, shape } = await chat.thread.view();
      expect(groupMessages(messages).filter(({ complete }) => !complete)).toEqual([]);
      passes.add(shape);
    }
    expect(passes.size).toBeGreaterThan(4);
  });

  it('[D1] [D4] stays so in later passes: instructions that newer ones replaced do not come back', async () => {
    const store = createMemoryStore();
    const model = scriptedModel(() => `Answer. ${filler}`);
    const memory = compaction({ ...terse, preserveLastMessages: 8, tokenThreshold: 3500 });
    for (let index = 0; index < 20; index++) {
      await chatWithMemory({
        model,
        store,
        memory,
        thread: 'anna',
        contextWindow: 100_000,
        messages: [
          { role: 'system', content: `Rule ${index}.` },
          { role: 'user', content: `And now? ${filler}` },
        ],
      });
      const system = model.requests.at(-1)?.messages.filter(({ role }) => role === 'system');
      expect(system?.map(messageText)).toEqual([`Rule ${index}.`]);
    }
    expect(JSON.stringify(model.requests.at(-1))).toContain('<summary>');
  });
});
