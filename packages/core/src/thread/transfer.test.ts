import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatTurn, messageEntry } from '../../test/entries.js';
import { createMemoryStore } from '../store/memory-store.js';
import { openThread } from './open-thread.js';
import { exportThread, importThread } from './transfer.js';

const key = ['t'];

async function exported(thread: Parameters<typeof exportThread>[0]): Promise<string> {
  let text = '';
  for await (const line of exportThread(thread)) text += line;
  return text;
}

async function sample() {
  const thread = openThread({ store: createMemoryStore(), key });
  await thread.append(chatTurn('a', 'héllo\u2028 😀', 'hi'));
  await thread.append([
    messageEntry('m', '{"json":true}', { pinned: true }),
    { id: 'p', version: 3, kind: 'test/thing', data: { __proto__: null, deep: [1, null] } },
  ]);
  const view = await thread.view();
  await thread.reshape(view, { covers: view.coverage(view.messages[1] as never), hash: 'h', keep: [] }, 'o');
  return exported(thread);
}

describe('export and import', () => {
  it('give the same lines again, wherever the text is cut', async () => {
    const text = await sample();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 6 }), async (cuts) => {
        const points = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        const pieces = points.slice(1).map((end, index) => text.slice(points[index], end));
        const store = createMemoryStore();
        const copy = await importThread(pieces, { store, key: ['copy'] });
        expect(await exported(copy)).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it('keep the view', async () => {
    const text = await sample();
    const copy = await importThread([text], { store: createMemoryStore(), key });
    const view = await copy.view();
    expect(view.messages.map((message) => message.id)).toEqual(['m']);
    expect(view.shape).toBe('o');
  });

  it.each([
    ['an empty file', '', 1],
    ['no header', (text: string) => text.split('\n').slice(1).join('\n'), 1],
    ['another format', (text: string) => text.replace('loci-thread', 'other'), 1],
    ['a newer format', (text: string) => text.replace('"version":1', '"version":2'), 1],
    ['a line that is not JSON', (text: string) => text.replace('"seq":3', '"seq":'), 4],
    ['a missing line', (text: string) => text.split('\n').toSpliced(3, 1).join('\n'), 4],
    ['a repeated id', (text: string) => text.replace('"id":"a.end"', '"id":"a.0"'), 5],
    ['a message under another id', (text: string) => text.replace('"id":"a.0","at"', '"id":"x","at"'), 3],
    ['a role that is none', (text: string) => text.replace('"role":"assistant"', '"role":"boss"'), 4],
    ['a cut last line', (text: string) => text.slice(0, -5), 8],
  ])('refuse %s by its line, and import nothing', async (_, change, line) => {
    const store = createMemoryStore();
    const text = typeof change === 'string' ? change : change(await sample());
    await expect(importThread([text], { store, key })).rejects.toMatchObject({
      code: 'INVALID_IMPORT',
      line,
    });
    expect(await store.logs.head(key)).toBeUndefined();
  });

  it('refuse what a newer version wrote', async () => {
    const text = (await sample()).replace('"kind":"turn"', '"kind":"turn2"');
    await expect(importThread([text], { store: createMemoryStore(), key })).rejects.toMatchObject({
      code: 'UNKNOWN_VERSION',
    });
  });

  it('leave a key alone that holds something', async () => {
    const store = createMemoryStore();
    await openThread({ store, key }).append([messageEntry('mine', 'x')]);
    await expect(importThread([await sample()], { store, key })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await store.logs.head(key)).toMatchObject({ seq: 1 });
  });

  it('redact what they bring in', async () => {
    const store = createMemoryStore();
    const thread = await importThread([await sample()], {
      store,
      key,
      redact: (value) => JSON.parse(JSON.stringify(value).replaceAll('hi', '[x]')),
    });
    expect(JSON.stringify((await thread.at(4).view()).messages)).toContain('[x]');
  });
});
