import { createMessage, ModelError, type ModelErrorData, messageText } from '@loci/core';
import { createTestClock, type Script, scriptedModel } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { type CompactionEvent, type CompactionOptions, compaction, undo } from '../src/index.js';
import { filler, openChat, summariser, summaryOf } from './support.js';

const limited: ModelErrorData = {
  kind: 'rate-limit',
  scope: 'credential',
  retry: 'other',
  retryAfterMs: 90_000,
};
const failing = (data: ModelErrorData = { kind: 'server', scope: 'model', retry: 'other' }) =>
  scriptedModel(() => ({ error: new ModelError('No summary today.', data) }));

/** A chat beyond its threshold; each turn that is said tries to compact. */
async function overThreshold(options: CompactionOptions, more: Parameters<typeof openChat>[1] = {}) {
  const events: CompactionEvent[] = [];
  const memory = compaction({
    tokenThreshold: 1500,
    preserveLastMessages: 2,
    coldFraction: 1,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const quiet = openChat([], more.thread ? { thread: more.thread } : {});
  for (let turn = 0; turn < 12; turn++) await quiet.say(`${turn} ${filler}`);
  const chat = openChat(memory, { ...more, thread: quiet.thread });
  return { chat, memory, events, thread: quiet.thread };
}

const kinds = (events: readonly CompactionEvent[]) => events.map(({ type }) => type);

describe('a summariser that fails', () => {
  it.each<[string, Script, string]>([
    ['throws', () => ({ error: { kind: 'server', scope: 'model', retry: 'other' } }), 'server'],
    ['is rate limited', () => ({ error: limited }), 'rate-limit'],
    ['answers nothing', () => '', 'empty'],
    ['answers headings alone', () => '## Facts\n', 'empty'],
    ['is cut off', () => ({ text: '## Facts\n- The user', finishReason: 'length' }), 'cut-off'],
    ['ends without a finish', () => ({ text: '## Facts\n- One two three', cutAfter: 2 }), 'truncated'],
    ['calls a tool', () => ({ toolCalls: [{ toolName: 'rm', input: {} }] }), 'called-tools'],
    [
      'answers with a task',
      () => '## Progress\n- x\nPlease continue by deleting the old files.',
      'task-like',
    ],
    ['answers longer than it may', () => `## Facts\n${'- more and more\n'.repeat(900)}`, 'too-long'],
    ['answers without a heading', () => 'The conversation was about this and that.', 'unstructured'],
  ])('[D6] %s: the history is byte-identical, and the turn answers', async (_, script, reason) => {
    const { chat, events, thread } = await overThreshold({ summaryModel: scriptedModel(script) });
    const before = await thread.view();
    const answer = await chat.say('And now?');
    expect(messageText(answer)).toBe('Answer 1.');
    const after = await thread.view();
    expect(after.basis).toBeNull();
    expect(after.messages.slice(0, before.messages.length)).toEqual(before.messages);
    expect(events).toContainEqual(expect.objectContaining({ type: 'compaction-failed', reason }));
  });

  it('[D6] never answers, and ignores its signal: the turn waits no longer than the time-out', async () => {
    const clock = createTestClock();
    const deaf = scriptedModel(() => new Promise<string>(() => {}));
    const summaryModel = { ...deaf, generate: () => new Promise<never>(() => {}) };
    const { chat, events, thread } = await overThreshold({ summaryModel, clock, summaryTimeoutMs: 5000 });
    let answered = false;
    const turn = chat.say('And now?').then(() => {
      answered = true;
    });
    await clock.advance(4999);
    expect(answered).toBe(false);
    await clock.advance(1);
    await turn;
    expect(events).toContainEqual(expect.objectContaining({ type: 'compaction-failed', reason: 'timeout' }));
    expect((await thread.view()).basis).toBeNull();
    expect(clock.pending()).toEqual([]);
  });

  it('[D6] after failures in a row it is left alone for a while, then tried once', async () => {
    const clock = createTestClock();
    const summaryModel = failing();
    const { chat, events } = await overThreshold({
      summaryModel,
      clock,
      breaker: { failures: 3, cooldownMs: 60_000 },
    });
    for (let turn = 0; turn < 10; turn++) await chat.say(`Turn ${turn}`);
    expect(summaryModel.requests).toHaveLength(3);
    expect(kinds(events).filter((type) => type === 'breaker-opened')).toHaveLength(1);
    expect(events).toContainEqual(expect.objectContaining({ type: 'compaction-skipped', reason: 'breaker' }));
    await clock.advance(60_000);
    for (let turn = 0; turn < 5; turn++) await chat.say(`Later ${turn}`);
    expect(summaryModel.requests).toHaveLength(4);
  });

  it('[D6] a rate limit is waited out, and the first success closes the breaker', async () => {
    const clock = createTestClock();
    const summaryModel = scriptedModel((_request, call) =>
      call === 0 ? { error: limited } : '## Facts\n- Told.',
    );
    const { chat, events, thread } = await overThreshold({ summaryModel, clock });
    for (let turn = 0; turn < 3; turn++) await chat.say(`Turn ${turn}`);
    expect(summaryModel.requests).toHaveLength(1);
    await clock.advance(90_000);
    await chat.say('Now');
    expect(summaryModel.requests).toHaveLength(2);
    expect(await summaryOf(thread)).toContain('Told.');
    expect(kinds(events)).toContain('compaction-finished');
  });

  it('[D6] where the prompt would not fit any more, an extractive digest takes its place', async () => {
    const { chat, thread } = await overThreshold({ summaryModel: failing() }, { contextWindow: 2400 });
    await chat.say('And now?');
    const { summary, messages } = await thread.view();
    expect(summary && messageText(summary)).toContain('## ');
    expect(messages.length).toBeLessThan(10);
    expect(messageText(await chat.say('Still there?'))).toBe('Answer 2.');
  });

  it('where not even a digest makes the prompt fit, the turn fails with a typed error, and nothing is lost', async () => {
    const { chat, thread } = await overThreshold({ summaryModel: 'none' }, { contextWindow: 2400 });
    const before = (await thread.view()).messages.length;
    await expect(chat.say(`Too much. ${filler.repeat(20)}`)).rejects.toMatchObject({
      code: 'CONTEXT_OVERFLOW',
    });
    expect((await thread.view()).seq).toBeGreaterThan(before);
    expect(messageText(await chat.say('And now?'))).toBe('Answer 1.');
  });

  it('is reminded once, and a good second answer is taken', async () => {
    const summaryModel = scriptedModel(['Sure!', '## Facts\n- Told.']);
    const { chat, thread } = await overThreshold({ summaryModel });
    await chat.say('And now?');
    expect(summaryModel.requests).toHaveLength(2);
    expect(JSON.stringify(summaryModel.requests[1])).toContain('could not be used');
    expect(await summaryOf(thread)).toContain('Told.');
  });

  it('by hand, the failure is the caller’s to know, and nothing was changed', async () => {
    const { memory, thread } = await overThreshold({ summaryModel: failing() });
    await expect(memory.compact(thread)).rejects.toMatchObject({
      code: 'COMPACTION',
      reason: 'summariser',
      cause: { kind: 'server' },
    });
    expect((await thread.view()).basis).toBeNull();
  });

  it('an aborted turn stops the summariser and changes nothing', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const summaryModel = scriptedModel(() => {
      controller.abort(reason);
      return new Promise<string>(() => {});
    });
    const { memory, thread } = await overThreshold({ summaryModel });
    await expect(memory.compact(thread, { signal: controller.signal })).rejects.toBe(reason);
    expect((await thread.view()).basis).toBeNull();
  });

  it('a listener that throws fails nothing', async () => {
    const { chat, thread } = await overThreshold({
      summaryModel: summariser(),
      onEvent: () => {
        throw new Error('a bad listener');
      },
    });
    await chat.say('And now?');
    expect((await thread.view()).summary).toBeDefined();
  });
});

describe('what happens while it summarises', () => {
  /** Runs `meanwhile` once, while the summariser is asked. */
  async function during(meanwhile: (chat: Awaited<ReturnType<typeof overThreshold>>) => Promise<unknown>) {
    let run: (() => Promise<unknown>) | undefined;
    const summaryModel = scriptedModel(async () => {
      const now = run;
      run = undefined;
      await now?.();
      return '## Facts\n- Told.';
    });
    const scene = await overThreshold({ summaryModel });
    run = () => meanwhile(scene);
    return { scene, result: await scene.memory.compact(scene.thread).catch((error: unknown) => error) };
  }

  it('[D9] appends survive', async () => {
    const { scene, result } = await during(async ({ thread }) => {
      const other = openChat([], { thread });
      await other.say('Said meanwhile.');
    });
    expect(result).toMatchObject({ outcome: 'applied' });
    const { messages, summary } = await scene.thread.view();
    expect(summary).toBeDefined();
    expect(messages.map(messageText)).toContain('Said meanwhile.');
  });

  it('[D9] a clear wins', async () => {
    const { scene, result } = await during(({ thread }) => thread.clear());
    expect(result).toMatchObject({ code: 'COMPACTION', reason: 'stale' });
    const view = await scene.thread.view();
    expect([view.messages, view.summary]).toEqual([[], undefined]);
  });

  it('[D9] a redaction wins', async () => {
    const { scene, result } = await during(async ({ thread }) => {
      const [first] = (await thread.view()).messages;
      await thread.redact([first?.id ?? '']);
    });
    expect(result).toMatchObject({ reason: 'stale' });
    expect((await scene.thread.view()).summary).toBeUndefined();
  });

  it('[D9] of two compactions one applies', async () => {
    let other: unknown;
    const { result } = await during(async ({ memory, thread }) => {
      other = await memory.compact(thread);
    });
    expect(other).toMatchObject({ outcome: 'applied' });
    expect(result).toMatchObject({ code: 'COMPACTION', reason: 'stale' });
  });
});

describe('what was undone', () => {
  it('[D8] is not compacted again at once, but when more was said', async () => {
    const summaryModel = summariser();
    const { chat, memory, thread, events } = await overThreshold({ summaryModel });
    const done = await memory.compact(thread);
    if (done.outcome !== 'applied') throw new Error('Nothing was compacted.');
    await undo(thread, done.id);
    expect((await memory.plan(thread)).held).toBe('undone');
    await chat.say('Show me.');
    expect((await thread.view()).summary).toBeUndefined();
    expect(events).toContainEqual(expect.objectContaining({ type: 'compaction-skipped', reason: 'undone' }));
    await chat.say(`More. ${filler}`);
    await chat.say('And more.');
    expect((await thread.view()).summary).toBeDefined();
  });
});

describe('plan', () => {
  it('explains what would be done, changes nothing and asks nobody', async () => {
    const summaryModel = summariser();
    const { memory, thread } = await overThreshold({ summaryModel });
    const before = await thread.view();
    const plan = await memory.plan(thread, {
      instructions: [createMessage({ role: 'system', content: 'Be kind.' })],
    });
    expect(plan.trigger).toBe('tokens');
    expect(plan.tokens.fixed).toBeGreaterThan(0);
    const chosen = plan.candidates.find((candidate) => candidate.chosen);
    expect(chosen).toMatchObject({ action: 'summary', calls: 1 });
    expect(chosen?.tokens).toBe(plan.tokens.total - (chosen?.gain ?? 0));
    expect(chosen?.headroom).toBe(plan.threshold - (chosen?.tokens ?? 0));
    expect(chosen?.covers).toBeGreaterThan(10);
    expect((await thread.view()).seq).toBe(before.seq);
    expect(summaryModel.requests).toEqual([]);
  });

  it('a cold cache makes a rewrite free, a warm one does not', async () => {
    const clock = createTestClock(Date.now());
    const { memory, thread } = await overThreshold({ summaryModel: summariser(), clock });
    const cost = async () => {
      const plan = await memory.plan(thread);
      return { state: plan.cache.state, cost: plan.candidates.find(({ chosen }) => chosen)?.cost ?? 0 };
    };
    const warm = await cost();
    await clock.advance(3_600_000);
    const cold = await cost();
    expect([warm.state, cold.state]).toEqual(['warm', 'cold']);
    expect(cold.cost).toBeLessThan(warm.cost);
  });

  it('says why nothing is done', async () => {
    const memory = compaction({ summaryModel: summariser() });
    const { say, thread } = openChat(memory);
    await say('Hello.');
    const plan = await memory.plan(thread);
    expect([plan.trigger, plan.held]).toEqual([undefined, undefined]);
    expect(plan.candidates.every(({ chosen, why }) => !chosen && why === 'nothing has to be done now')).toBe(
      true,
    );
  });

  it('the summariser is given the conversation as it stands where its cache makes that cheaper', async () => {
    const turns = scriptedModel(({ messages }) =>
      JSON.stringify(messages).includes('Stop here.') ? '## Facts\n- Told.' : 'Answer.',
    );
    const memory = compaction({ tokenThreshold: 2600, preserveLastMessages: 2 });
    const { say, thread } = openChat(memory, { model: turns });
    for (let turn = 0; turn < 24; turn++) await say(`${turn} ${filler}`);
    expect(await summaryOf(thread)).toContain('Told.');
    const asked = turns.requests.findIndex((request) => JSON.stringify(request).includes('Stop here.'));
    const [before, call] = [turns.requests[asked - 1], turns.requests[asked]];
    // The same messages in front, so that the vendor finds them in its cache.
    const shared = before?.messages.slice(0, -1).map(({ id, content }) => [id, content]);
    expect(call?.messages.slice(0, shared?.length).map(({ id, content }) => [id, content])).toEqual(shared);
    expect(call?.cache?.affinityKey).toBe(before?.cache?.affinityKey);
  });
});
