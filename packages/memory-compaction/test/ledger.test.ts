import { createMessage, type Message, type Part, type TokenCounter } from '@loci/core';
import {
  countMessage,
  countTools,
  createTokenLedger,
  estimateCounter,
  renderPrompt,
  withMemory,
} from '@loci/core/turn';
import { scriptedModel } from '@loci/testing';
import { tiktokenCounter } from '@loci/tokens';
import { describe, expect, it } from 'vitest';
import { compaction } from '../src/index.js';
import { filler, open, summariser } from './support.js';
import { toolChat, turnEntries } from './threads.js';

const exact = tiktokenCounter();
const threshold = 6000;
const english =
  'The lighthouse keeper wrote down every ship that passed, its flag and its cargo, and in the evening he read the list aloud. ';

/** What a user says, in texts that counters find easy and hard. */
const kinds: Readonly<Record<string, readonly Part[]>> = {
  text: [{ type: 'text', text: english.repeat(6) }],
  Chinese: [{ type: 'text', text: '我的狗叫雷克斯，它喜欢在公园里奔跑，也喜欢在河边睡觉。'.repeat(6) }],
  base64: [{ type: 'text', text: `key: ${btoa(english).slice(0, 160)} end` }],
  images: [
    { type: 'text', text: 'What is on it?' },
    { type: 'image', mediaType: 'image/png', data: 'iVBORw0K'.repeat(20_000) },
  ],
};
const tools = [{ name: 'look', description: english.repeat(10), inputSchema: { type: 'object' } }];

/** Chats until it has been compacted a few times. What each request was by tiktoken, and what the passes thought. */
async function chatWith(counter: TokenCounter, content: readonly Part[]) {
  await exact.load();
  const thread = open();
  const started: { readonly tokens: number; readonly exact: number }[] = [];
  const sent: number[] = [];
  const count = (messages: readonly Message[]) =>
    messages.reduce((sum, message) => sum + countMessage(exact, message), countTools(exact, tools));
  let prompt = 0;
  const memory = compaction({
    tokenThreshold: threshold,
    summaryModel: summariser(),
    preserveLastMessages: 4,
    coldFraction: 1,
    onEvent: (event) => {
      if (event.type === 'compaction-started') started.push({ tokens: event.tokens, exact: prompt });
    },
  });
  const model = scriptedModel(({ messages }) => {
    sent.push(count(messages));
    return 'I wrote it down.';
  });
  const chat = withMemory(model, { thread, memory: [memory], counter, contextWindow: 100_000 });
  while (started.length < 4 && sent.length < 2000) {
    const said = createMessage({ role: 'user', content });
    const { summary, kept, messages } = await thread.view();
    prompt = count([...kept, ...(summary ? [summary] : []), ...messages, said]);
    await chat.generate({ messages: [said], tools });
  }
  return {
    started,
    sent,
    step: count([createMessage({ role: 'user', content })]) - countTools(exact, tools) + 16,
  };
}

describe('the measure', () => {
  it('[D3] of a conversation of 10,000 turns with tools is that of a full recount, also after compactions', {
    timeout: 30_000,
  }, async () => {
    const thread = open();
    const memory = compaction({
      tokenThreshold: 20_000,
      summaryModel: summariser(),
      preserveLastMessages: 8,
    });
    const chat = withMemory(
      scriptedModel(() => 'Noted.'),
      { thread, memory: [memory], contextWindow: 200_000 },
    );
    const ledger = createTokenLedger(estimateCounter);
    let known = new Set<string>();
    const shapes = new Set<string | null>();
    for (let turn = 0; turn < 10_000; turn += 200) {
      const entries = Array.from({ length: 199 }, (_, index) => `turn-${turn + index}`).flatMap((id) =>
        turnEntries(id, toolChat(id, `What is ${id}?`, id.endsWith('7') ? filler : 'seen')),
      );
      await thread.append(entries);
      await chat.generate({ messages: [createMessage({ role: 'user', content: `Turn ${turn}.` })] });
      const view = await thread.view();
      shapes.add(view.shape);
      // As it is sent: the summary with the marks around it.
      const { head, history } = renderPrompt({ instructions: [], view, own: [], quoted: [] });
      const shown = [...head, ...history];
      for (const message of shown) ledger.add(message);
      const now = new Set(shown.map(({ id }) => id));
      for (const id of known) if (!now.has(id)) ledger.remove(id);
      known = now;
      const recount = shown.reduce((sum, message) => sum + countMessage(estimateCounter, message), 0);
      expect(ledger.total).toBe(recount);
      expect((await memory.plan(thread)).tokens.total).toBe(recount);
    }
    expect(shapes.size).toBeGreaterThan(10);
  });
});

describe.each(Object.entries(kinds))('the trigger by tokens: %s', (_kind, content) => {
  it('[D3] with an exact counter fires within 2 % of the threshold, and never after it', async () => {
    const { started, sent, step } = await chatWith(exact, content);
    expect(started).toHaveLength(4);
    for (const { tokens, exact: prompt } of started) {
      expect(Math.abs(tokens - prompt)).toBeLessThanOrEqual(0.02 * prompt);
      // The turn before it was below the threshold.
      expect(prompt).toBeGreaterThanOrEqual(threshold * 0.98);
      expect(prompt).toBeLessThanOrEqual(threshold * 1.02 + step);
    }
    expect(Math.max(...sent)).toBeLessThanOrEqual(threshold * 1.02);
  });

  it('[D3] with the estimate fires within its error bar, and never after the threshold', async () => {
    const { started, sent } = await chatWith(estimateCounter, content);
    const { errorRatio } = estimateCounter;
    expect(started).toHaveLength(4);
    for (const { tokens, exact: prompt } of started) {
      expect(prompt).toBeLessThanOrEqual(tokens * (1 + errorRatio));
      expect(tokens).toBeLessThanOrEqual(prompt * (1 + errorRatio));
      expect(tokens * (1 + errorRatio)).toBeGreaterThanOrEqual(threshold);
    }
    expect(Math.max(...sent)).toBeLessThanOrEqual((threshold * (1 + errorRatio)) / (1 + errorRatio));
  });
});
