import { createMessage, messageText } from '@loci/core';
import { createTestClock, scriptedModel } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { type CompactionEvent, type CompactionOptions, compaction } from '../src/index.js';
import { filler, openChat, said, summariser } from './support.js';

/** A chat of so many padded turns; resolves at which of them it was compacted. */
async function compactedAt(
  options: CompactionOptions,
  turns: number,
  more: Parameters<typeof openChat>[1] = {},
) {
  const events: CompactionEvent[] = [];
  const memory = compaction({
    summaryModel: summariser(),
    preserveLastMessages: 2,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const chat = openChat(memory, more);
  const at: number[] = [];
  for (let turn = 1; turn <= turns; turn++) {
    const before = events.length;
    await chat.say(`${turn} ${filler}`);
    if (events.slice(before).some(({ type }) => type === 'compaction-finished')) at.push(turn);
  }
  return { at, events, chat, memory };
}

const started = (events: readonly CompactionEvent[]) =>
  events.flatMap((event) => (event.type === 'compaction-started' ? [event.trigger] : []));

describe('triggers', () => {
  it('[D3] messages: inclusive, the turn’s own message counted', async () => {
    // Before the fourth turn there are six messages; with the question seven.
    expect((await compactedAt({ trigger: { messages: 7 } }, 4)).at).toEqual([4]);
    expect((await compactedAt({ trigger: { messages: 8 } }, 4)).at).toEqual([]);
  });

  it('[D3] fraction: of what the window leaves for a prompt', async () => {
    const { at, events } = await compactedAt({ trigger: { fraction: 0.5 } }, 20, { contextWindow: 8000 });
    const [first] = events.flatMap((event) => (event.type === 'compaction-started' ? [event.tokens] : []));
    // A quarter is for the answer, and the estimate may be a fifth too low.
    const room = (8000 * 0.75) / 1.2;
    expect(first).toBeGreaterThanOrEqual(room * 0.5);
    expect(first).toBeLessThan(room * 0.5 + 200);
    expect(at.length).toBeGreaterThan(0);
  });

  it('[D3] idle: since the newest message, on the injected clock', async () => {
    const clock = createTestClock();
    const idle: CompactionOptions = { trigger: { idleMs: 60_000 }, clock, coldFraction: 1 };
    const model = scriptedModel((_request, call) => `Answer ${call}.`, { clock });
    const memory = compaction({ ...idle, summaryModel: summariser(), preserveLastMessages: 2 });
    const { thread, say } = openChat(memory, { model, clock });
    const ask = (text: string) => say([{ type: 'text', text }]);
    for (let turn = 0; turn < 5; turn++) await ask(`${turn} ${filler}`);
    expect((await thread.view()).summary).toBeUndefined();
    await clock.advance(59_999);
    await ask(`Almost. ${filler}`);
    expect((await thread.view()).summary).toBeUndefined();
    await clock.advance(60_000);
    await ask('Now.');
    expect((await thread.view()).summary).toBeDefined();
  });

  it('[D3] all conditions of an object together, any object of a list', async () => {
    const both = { messages: 7, tokens: 100_000 };
    expect((await compactedAt({ trigger: both }, 6)).at).toEqual([]);
    const any = await compactedAt({ trigger: [both, { messages: 9 }] }, 6);
    expect(any.at).toEqual([5]);
    expect(started(any.events)).toEqual(['messages']);
    const met = await compactedAt({ trigger: { messages: 7, tokens: 300 } }, 4);
    expect(started(met.events)).toEqual(['messages+tokens']);
  });

  it('[D3] tokenThreshold is one more trigger beside those that are named', async () => {
    const both = await compactedAt({ trigger: { messages: 50 }, tokenThreshold: 900 }, 8);
    expect(started(both.events)[0]).toBe('tokens');
  });

  it('[D3] by hand: whatever the triggers say', async () => {
    const { chat, memory, at } = await compactedAt({ tokenThreshold: 100_000 }, 6);
    expect(at).toEqual([]);
    expect(await memory.compact(chat.thread)).toMatchObject({ outcome: 'applied', action: 'summary' });
    expect(await memory.compact(chat.thread)).toEqual({ outcome: 'nothing' });
  });

  it('[D3] counts the system prompt, the schemas of tools, calls, results and pictures', async () => {
    const memory = compaction({ summaryModel: summariser(), tokenThreshold: 10_000 });
    const tools = [{ name: 'look', description: filler, inputSchema: { type: 'object' } }];
    const instructions = [createMessage({ role: 'system', content: filler })];
    const { thread, useTool, say } = openChat(memory);
    const sizes = async (outlook = {}) => (await memory.plan(thread, outlook)).tokens;
    await say('Hello.');
    const bare = await sizes();
    const fixed = await sizes({ tools, instructions });
    expect(fixed.fixed).toBeGreaterThan(200);
    expect(fixed.total).toBe(bare.total + fixed.fixed);
    await useTool('where', filler);
    const withTool = await sizes();
    expect(withTool.total - bare.total).toBeGreaterThan(120);
    await say([{ type: 'image', mediaType: 'image/png', data: 'x'.repeat(100_000) }]);
    expect((await sizes()).total - withTool.total).toBeGreaterThan(1000);
    expect((await sizes()).total - withTool.total).toBeLessThan(1300);
  });

  it('[D3] a prompt that would not fit is compacted, whatever the triggers say', async () => {
    const { chat, events } = await compactedAt({ tokenThreshold: 1_000_000 }, 30, { contextWindow: 5000 });
    expect(started(events)).toContain('overflow');
    const newest = chat.requests.at(-1);
    expect(said(newest ? [newest] : [])).toContain('<summary>');
  });

  it('never compacts again at once: the next pass is many turns away', async () => {
    const { at, events } = await compactedAt({ tokenThreshold: 3000 }, 120);
    const gaps = at.slice(1).map((turn, index) => turn - (at[index] ?? 0));
    expect(at.length).toBeGreaterThan(3);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5);
    expect(events.filter(({ type }) => type === 'compaction-failed')).toEqual([]);
  });

  it('[D7] with nothing to compact, 100 turns change nothing and count nothing', async () => {
    const { chat, memory, events } = await compactedAt(
      { tokenThreshold: 80_000, preserveLastMessages: 300 },
      100,
    );
    const view = await chat.thread.view();
    expect(view.basis).toBeNull();
    expect(view.messages).toHaveLength(200);
    expect(new Set(view.messages.map(({ id }) => id)).size).toBe(200);
    expect(events).toEqual([]);
    expect(await memory.statistics(chat.thread)).toMatchObject({
      compactions: 0,
      calls: 0,
      tokensSaved: 0,
      lastAt: null,
    });
    const seen = chat.requests.map(({ messages }) => messages.length);
    expect(seen).toEqual(Array.from({ length: 100 }, (_, turn) => turn * 2 + 1));
  });

  it('[D7] over the threshold, but with nothing that could become smaller, asks nobody and changes nothing', async () => {
    const model = summariser();
    const { chat, events } = await compactedAt(
      { tokenThreshold: 200, preserveLastMessages: 100, summaryModel: model },
      20,
    );
    expect(model.requests).toEqual([]);
    expect((await chat.thread.view()).basis).toBeNull();
    expect(events).toEqual([]);
  });

  it('a pass is made early where the cache is cold anyway, and not where it is warm', async () => {
    const clock = createTestClock(Date.now());
    const run = async (pauseMs: number) => {
      const memory = compaction({
        summaryModel: summariser(),
        tokenThreshold: 3000,
        clock,
        preserveLastMessages: 2,
      });
      const { say, thread } = openChat(memory);
      // From 80 % of the threshold on.
      for (let turn = 0; turn < 16; turn++) await say(`${turn} ${filler}`);
      await clock.advance(pauseMs);
      await say('Next.');
      return (await thread.view()).summary !== undefined;
    };
    expect(await run(0)).toBe(false);
    expect(await run(3_600_000)).toBe(true);
  });

  it('does not compact at every turn where the newest messages alone nearly fill the window', async () => {
    const { at } = await compactedAt({ preserveLastMessages: 60 }, 120, { contextWindow: 8000 });
    const gaps = at.slice(1).map((turn, index) => turn - (at[index] ?? 0));
    expect(at.length).toBeGreaterThan(2);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5);
  });

  it('a change of the model empties the cache: then, too, a pass is made early', async () => {
    const run = async (modelId: string) => {
      const events: CompactionEvent[] = [];
      const options: CompactionOptions = {
        summaryModel: summariser(),
        tokenThreshold: 3000,
        preserveLastMessages: 2,
        onEvent: (event) => events.push(event),
      };
      const { say, thread } = openChat(compaction(options));
      for (let turn = 0; turn < 16; turn++) await say(`${turn} ${filler}`);
      const model = scriptedModel(() => 'Answer.', { modelId });
      await openChat(compaction(options), { thread, model }).say('Next.');
      return started(events);
    };
    expect(await run('scripted')).toEqual([]);
    expect(await run('another')).toEqual(['cold-cache']);
  });

  it('the summary of an earlier pass is updated, never nested', async () => {
    const model = scriptedModel((_request, call) => `## Facts\n- Version ${call + 1} of the summary.`);
    const { chat } = await compactedAt({ tokenThreshold: 2000, summaryModel: model }, 40);
    expect(model.requests.length).toBeGreaterThan(2);
    const view = await chat.thread.view();
    const text = view.summary ? messageText(view.summary) : '';
    expect(text).toContain(`Version ${model.requests.length}`);
    expect(text).not.toContain(`Version ${model.requests.length - 1} `);
    expect(said([model.requests.at(-1) ?? { messages: [] }])).toContain(
      `Version ${model.requests.length - 1}`,
    );
    expect(text.match(/## Facts/g)).toHaveLength(1);
  });
});
