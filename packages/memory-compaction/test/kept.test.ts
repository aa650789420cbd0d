import { createMessage, messageText, type Thread } from '@loci/core';
import { openTurn } from '@loci/core/turn';
import { scriptedModel } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { type Compaction, type CompactionOptions, compaction } from '../src/index.js';
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
    // A quarter of what a pass aims at, 1100 tokens each.
    expect(kept).toHaveLength(1);
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
