import { type Key, type Store, StoreUnavailableError } from '@loci/core';

export type Mode = 'up' | 'down' | 'silent' | 'losing';

/** A server that can be away: `down` refuses, `silent` never answers, `losing` applies and loses the answer. */
export function switchable(store: Store) {
  let mode: Mode = 'up';
  const calls: { readonly name: string; readonly key: Key }[] = [];
  const away = () => new StoreUnavailableError('the test took it away');

  async function call<T>(name: string, key: Key, run: () => Promise<T>): Promise<T> {
    calls.push({ name, key });
    if (mode === 'down') throw away();
    if (mode === 'silent') return new Promise(() => {});
    const losing = mode === 'losing';
    const answer = await run();
    if (losing) throw away();
    return answer;
  }
  async function* reading<T>(name: string, key: Key, run: () => AsyncIterable<T>) {
    await call(name, key, async () => {});
    for await (const item of run()) {
      if (mode !== 'up') await call(name, key, async () => {});
      yield item;
    }
  }

  const { documents, logs } = store;
  const server = Object.freeze<Store>({
    ...store,
    documents: {
      get: (key, io) => call('get', key, () => documents.get(key, io)),
      put: (key, value, io) => call('put', key, () => documents.put(key, value, io)),
      delete: (key, io) => call('delete', key, () => documents.delete(key, io)),
      list: (prefix, io) => reading('list', prefix, () => documents.list(prefix, io)),
    },
    logs: {
      append: (key, entries, io) => call('append', key, () => logs.append(key, entries, io)),
      read: (key, io) => reading('read', key, () => logs.read(key, io)),
      head: (key, io) => call('head', key, () => logs.head(key, io)),
      rewrite: (key, entries, io) => call('rewrite', key, () => logs.rewrite(key, entries, io)),
      delete: (key, io) => call('delete-log', key, () => logs.delete(key, io)),
      list: (prefix, io) => reading('list-logs', prefix, () => logs.list(prefix, io)),
    },
  });
  return {
    server,
    /** What the server was asked so far. */
    calls,
    set(next: Mode) {
      mode = next;
    },
  };
}
