// One of several processes on one store: `worker.mjs <store as JSON> <task> <name> <count>`. It says `ready`, is told to
// go, works, and says what came of it as one line of JSON.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { openConversation, openMemory, replaceWith } from '../../dist/index.js';
import { openStore } from './open-store.mjs';
import { say, told } from './tools.mjs';

const [spec, task, name, count] = process.argv.slice(2);
const store = await openStore(spec);
const times = Number(count);
let conflicts = 0;
const open = (schema, initial, key, more) =>
  openMemory({
    schema,
    initial,
    key: [key],
    store,
    maxAttempts: 10_000,
    onEvent: ({ type }) => {
      if (type === 'write-conflicted') conflicts++;
    },
    ...more,
  });
const counter = (more) =>
  open(
    z.object({ total: z.number(), by: z.record(z.string(), z.number()) }),
    { total: 0, by: {} },
    'counter',
    more,
  );
const addOne = (draft) => {
  draft.total += 1;
  draft.by[name] = (draft.by[name] ?? 0) + 1;
};

const tasks = {
  /** Adds 1, one update after the other. */
  async increment() {
    const memory = counter();
    const waits = [];
    for (let index = 0; index < times; index++) {
      const start = performance.now();
      await memory.update(addOne);
      waits.push(performance.now() - start);
    }
    return { conflicts, slowestMs: Math.max(...waits) };
  },
  /** Adds 1 many times at once, to be written together. */
  async coalesce() {
    const memory = counter({ coalesceMs: 20 });
    await Promise.all(Array.from({ length: times }, () => memory.update(addOne)));
    const { writes, changes } = await memory.statistics();
    return { writes, changes };
  },
  /** Appends to one list. */
  async append() {
    const memory = open(z.array(z.string()), [], 'list');
    for (let index = 0; index < times; index++)
      await memory.update((draft) => void draft.push(`${name}-${index}`));
    return { conflicts };
  },
  /** Changes what is nested in every way that a list and a record have. */
  async nested() {
    const schema = z.object({
      messages: z.array(z.object({ text: z.string(), tags: z.array(z.string()) })),
      scores: z.array(z.number()),
      context: z.record(z.string(), z.json()),
    });
    const memory = open(schema, { messages: [], scores: [], context: {} }, 'nested');
    const steps = [
      (d) => d.messages.push({ text: 'a', tags: [] }, { text: 'b', tags: [] }, { text: 'c', tags: [] }),
      (d) => d.messages.pop(),
      (d) => d.messages[0].tags.push('seen', 'urgent'),
      (d) => d.messages[0].tags.splice(0, 1),
      (d) => d.messages.unshift({ text: 'first', tags: [] }),
      (d) => d.scores.push(3, 1, 2),
      (d) => void d.scores.sort(),
      (d) => void d.scores.reverse(),
      (d) => d.scores.splice(1, 1, 7, 8),
      (d) => void Object.assign(d.context, { topic: { name: 'billing', depth: [1, { x: 1 }] }, gone: 1 }),
      (d) => void delete d.context.gone,
      (d) => void d.context.topic.depth[1].x++,
      (d) => replaceWith({ ...d, messages: d.messages.filter(({ text }) => text !== 'b') }),
    ];
    for (const step of steps) await memory.update(step);
    return memory.get();
  },
  /** Says what is in a conversation, and adds to it. */
  async converse() {
    const conversation = openConversation({ store, id: 'conv_123', userId: 'alice' });
    const seen = {
      texts: (await conversation.history()).map(({ content }) => content[0].text),
      attributes: await conversation.attributes.get(),
      preferences: await conversation.preferences.get(),
      record: await conversation.record(),
    };
    for (let index = 0; index < times; index++) {
      await conversation.append([{ role: 'user', content: `${name} ${index}` }]);
      await conversation.attributes.update((draft) => {
        draft.turns = [...(draft.turns ?? []), `${name} ${index}`];
      });
    }
    return seen;
  },
  /** The program of schema version 1, which does not know what comes after it. */
  async 'old-program'() {
    const memory = open(z.strictObject({ name: z.string() }), { name: '' }, 'profile', {
      schemaId: 'profile',
    });
    const rename = (draft) => {
      draft.name += ' old';
    };
    const calls = [
      () => memory.get(),
      () => memory.set({ name: 'old' }),
      () => memory.update(rename),
      () => memory.update(rename, { coalesceMs: 1 }),
      () => memory.clear(),
    ];
    const codes = [];
    for (const call of calls)
      codes.push(
        await call()
          .then(() => 'done')
          .catch(({ code }) => code),
      );
    return { codes };
  },
  /** Writes the record that it has read, when all have read it. */
  async 'compare-and-set'() {
    const found = await store.documents.get(['record']);
    say('read');
    await told();
    try {
      const expect = { version: found.version };
      await store.documents.put(['record'], name, { expect, operationId: randomUUID() });
      return { won: true };
    } catch (error) {
      return { won: false, code: error.code };
    }
  },
  /** Says every change of the counter, made by whomsoever, until the total is as high as told. */
  async watch() {
    const stop = new AbortController();
    for await (const { old, new: now, patch } of counter().watch({ signal: stop.signal, pollMs: 5 })) {
      say(JSON.stringify({ old: old.total, new: now.total, patch }));
      if (now.total >= times) stop.abort();
    }
    return { ended: true };
  },
};

// Connects, so that the work alone is timed.
await counter().get();
say('ready');
await told();
const start = performance.now();
const result = await tasks[task]();
say(JSON.stringify({ ms: performance.now() - start, ...result }));
await store.close();
process.exit();
