import { createMemoryStore } from '@loci/core';
import { expectTypeOf } from 'vitest';
import { z } from 'zod';
import {
  openConversation,
  openMemory,
  openSessions,
  replaceWith,
  type Snapshot,
  type TypedMemory,
} from '../index.js';

const store = createMemoryStore();
const key = ['memory'];

// [A1] The type of an object memory comes from the schema alone.
const session = openMemory({
  schema: z.object({
    userId: z.string(),
    preferences: z.record(z.string(), z.unknown()),
    activityLog: z.array(z.object({ at: z.number(), what: z.string() })).default([]),
    note: z.string().optional(),
  }),
  initial: { userId: 'user-123', preferences: {} },
  store,
  key,
});
expectTypeOf(session.get).returns.resolves.toEqualTypeOf<{
  readonly userId: string;
  readonly preferences: Readonly<Record<string, unknown>>;
  readonly activityLog: readonly { readonly at: number; readonly what: string }[];
  readonly note?: string | undefined;
}>();
export async function useSession(): Promise<void> {
  const snapshot = await session.get();
  await session.set(snapshot);
  await session.set({ ...snapshot, activityLog: [] });
  await session.update((draft) => {
    draft.activityLog.push({ at: 1, what: 'came' });
    delete draft.note;
  });
  await session.update((draft) => draft.activityLog.push({ at: 2, what: 'went' }));
  await session.update(async (draft) => {
    draft.note = await Promise.resolve('late');
  });
  await session.update((draft) =>
    replaceWith({ ...draft, activityLog: draft.activityLog.filter((e) => e.at > 1) }),
  );
  await session.update((draft) => (draft.note ? replaceWith({ userId: 'u', preferences: {} }) : undefined));
  // @ts-expect-error A snapshot cannot be changed.
  snapshot.userId = 'other';
  // @ts-expect-error Nor can what is in it.
  snapshot.activityLog.push({ at: 1, what: 'came' });
  // @ts-expect-error The schema has no such property.
  await session.update((draft) => draft.other.push(1));
  // @ts-expect-error The schema wants a text.
  await session.set({ userId: 1, preferences: {} });
  // @ts-expect-error A new value would be ignored; `replaceWith` makes it count.
  await session.update((draft) => ({ ...draft, note: 'lost' }));
  // @ts-expect-error What replaces the value must fit, too.
  await session.update(() => replaceWith({ userId: 1 }));
  session.onChange((change) => {
    expectTypeOf(change.old).toEqualTypeOf(snapshot);
    expectTypeOf(change.new).toEqualTypeOf(snapshot);
  });
}

// [A1] Lists, records and scalars.
const list = openMemory({ schema: z.array(z.string()), initial: [], store, key });
expectTypeOf(list.get).returns.resolves.toEqualTypeOf<readonly string[]>();
const record = openMemory({ schema: z.record(z.string(), z.number()), initial: () => ({}), store, key });
expectTypeOf(record.get).returns.resolves.toEqualTypeOf<Readonly<Record<string, number>>>();
const pair = openMemory({ schema: z.tuple([z.string(), z.number()]), initial: ['a', 1], store, key });
expectTypeOf(pair.get).returns.resolves.toEqualTypeOf<readonly [string, number]>();
const count = openMemory({ schema: z.number(), initial: 0, store, key });
expectTypeOf(count.get).returns.resolves.toEqualTypeOf<number>();
const ticket = openMemory({ schema: z.object({ id: z.string() }).nullable(), initial: null, store, key });
expectTypeOf(ticket.get).returns.resolves.toEqualTypeOf<{ readonly id: string } | null>();
const anything = openMemory({ schema: z.json(), initial: null, store, key });
expectTypeOf(anything).toExtend<TypedMemory<z.infer<ReturnType<typeof z.json>>>>();

export async function useShapes(): Promise<void> {
  await list.update((draft) => draft.push('new'));
  await list.update((draft) => replaceWith(draft.filter((item) => item !== '')));
  // @ts-expect-error A filtered list would be ignored.
  await list.update((draft) => draft.filter((item) => item !== ''));
  await record.update((draft) => {
    draft['key'] = 1;
  });
  await count.update((value) => value + 1);
  await count.update(async (value) => value + 1);
  // @ts-expect-error A number is wanted.
  await count.update((value) => `${value}`);
  await ticket.update((draft) => {
    if (!draft) return replaceWith({ id: 'a' });
    draft.id = 'b';
    return undefined;
  });
  await ticket.update(() => replaceWith(null));
  // @ts-expect-error `null` would be ignored where there is a ticket.
  await ticket.update(() => null);
}

// @ts-expect-error [A1] The initial value must fit the schema.
openMemory({ schema: z.number(), initial: 'zero', store, key });
// @ts-expect-error [A1] A schema is required.
openMemory({ schema: { parse: () => 1 }, initial: 1, store, key });

/** [A12] A caller that is generic over the schema needs no cast. */
export function wrap<Input, Value>(memory: TypedMemory<Value, Input>): () => Promise<Snapshot<Value>> {
  return () => memory.get();
}
expectTypeOf(wrap(session)).returns.resolves.toEqualTypeOf<Awaited<ReturnType<typeof session.get>>>();

// [A5] A step says what the value of its version looked like.
openMemory({
  schema: z.number(),
  initial: 0,
  store,
  key,
  schemaVersion: 2,
  migrations: { up: { 1: (old: { count: number }) => old.count } },
});

// [A6] Sessions are memories of the schema.
const sessions = openSessions({ schema: z.array(z.string()), initial: [], store, key });
expectTypeOf(sessions.load).returns.resolves.toEqualTypeOf<readonly string[] | undefined>();
expectTypeOf(sessions.open).returns.resolves.toExtend<TypedMemory<string[]>>();
// @ts-expect-error The schema wants texts.
export const saved = () => sessions.save('id', [1]);

// [G6] What is watched is of the type of the value.
export async function useWatch(signal: AbortSignal): Promise<void> {
  for await (const { old, new: now } of list.watch({ signal, from: ['a'] })) {
    expectTypeOf(old).toEqualTypeOf<readonly string[]>();
    expectTypeOf(now).toEqualTypeOf<readonly string[]>();
  }
}

// [G12] Attributes and preferences are of their schemas, and of any shape without one.
const free = openConversation({ store });
export const freely = () =>
  free.attributes.update((draft) => {
    draft['topic'] = { name: 'billing', depth: [1, null] };
    // @ts-expect-error A function is not JSON.
    draft['later'] = () => 1;
  });
const strict = openConversation({
  store,
  userId: 'alice',
  attributes: { schema: z.object({ topic: z.string().nullable() }), initial: { topic: null } },
  preferences: { schema: z.object({ tone: z.enum(['casual', 'formal']) }), initial: { tone: 'formal' } },
});
expectTypeOf(strict.attributes.get).returns.resolves.toEqualTypeOf<{ readonly topic: string | null }>();
// @ts-expect-error The schema knows no such tone.
export const rudely = () => strict.preferences?.set({ tone: 'rude' });
