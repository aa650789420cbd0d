import { type Key, type Store, StoreUnavailableError } from '@loci/core';
import type { HealthRecord, SharedHealth } from '../health/health.js';

/** The health of some models, without an engine: the later record holds. */
export function plainHealth() {
  const known = new Map<string, HealthRecord>();
  const listeners = new Set<(record: HealthRecord) => void>();
  const later = (record: HealthRecord) => record.at > (known.get(record.id)?.at ?? 0);
  const health: SharedHealth = {
    records: () => [...known.values()],
    adopt(records) {
      for (const record of records.filter(later)) known.set(record.id, record);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return {
    health,
    /** What one's own attempts teach. */
    learn(record: HealthRecord) {
      known.set(record.id, record);
      for (const listener of listeners) listener(record);
    },
    of: (id: string) => known.get(id)?.breaker ?? 'closed',
  };
}

export type Mode = 'up' | 'down' | 'silent' | 'losing';

/** Documents that can be away: `down` refuses, `silent` never answers, `losing` applies and loses the answer. */
export function switchable(store: Store, feed: 'none' | 'push' = 'none') {
  let mode: Mode = 'up';
  const calls: string[] = [];
  const away = () => new StoreUnavailableError('the test took it away');

  async function call<T>(name: string, key: Key, run: () => Promise<T>): Promise<T> {
    calls.push(`${name} ${key.join('/')}`);
    if (mode === 'down') throw away();
    if (mode === 'silent') return new Promise(() => {});
    const losing = mode === 'losing';
    const answer = await run();
    if (losing) throw away();
    return answer;
  }

  const { documents, feed: changes, ...rest } = store;
  const switched: Store = {
    ...rest,
    supports: { ...store.supports, feed },
    ...(feed === 'push' && changes && { feed: changes }),
    documents: {
      get: (key, io) => call('get', key, () => documents.get(key, io)),
      put: (key, value, io) => call('put', key, () => documents.put(key, value, io)),
      delete: (key, io) => call('delete', key, () => documents.delete(key, io)),
      async *list(prefix, io) {
        await call('list', prefix, async () => {});
        yield* documents.list(prefix, io);
      },
    },
  };
  return {
    store: switched,
    /** What the store was asked so far. */
    calls,
    set(next: Mode) {
      mode = next;
    },
  };
}
