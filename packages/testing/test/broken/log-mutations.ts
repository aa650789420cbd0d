import { ConflictError, type LogEntry } from '@loci/core';
import { toArray } from '../../src/kit/assertions.js';
import { limited, logs, type Mutation, mapped } from './mutation.js';

const appendsOneByOne = logs(({ append }) => ({
  async append(key, entries, options = {}) {
    const [first, ...rest] = entries;
    const receipt = await append(key, first ? [first] : [], options);
    let { lastSeq } = receipt;
    for (const entry of rest) {
      await new Promise((resolve) => setImmediate(resolve));
      ({ lastSeq } = await append(key, [entry]));
    }
    return { ...receipt, lastSeq };
  },
}));

export const brokenLogs: Readonly<Record<string, Mutation>> = {
  'logs/seqs': logs(({ append }) => ({
    async append(...args) {
      const receipt = await append(...args);
      return { ...receipt, firstSeq: receipt.firstSeq - 1, lastSeq: receipt.lastSeq - 1 };
    },
  })),
  'logs/contiguous': appendsOneByOne,
  'logs/all-or-nothing': appendsOneByOne,
  'logs/replay': logs(({ append, head }) => ({
    async append(key, entries, options) {
      if (options?.expect === 'absent' && (await head(key))) throw new ConflictError(key);
      return append(key, entries, options);
    },
  })),
  'logs/partly-present': logs(({ append, read }) => ({
    async append(key, entries, options) {
      const known = new Set((await toArray(read(key))).map(({ id }) => id));
      const fresh = entries.filter(({ id }) => !known.has(id));
      return append(key, fresh.length > 0 ? fresh : entries, options);
    },
  })),
  'logs/expect': logs(({ append }) => ({ append: (key, entries) => append(key, entries) })),
  'logs/refused': logs(({ append }) => ({
    async append(key, entries, options) {
      const unique = new Map(entries.map((entry) => [entry.id, entry]));
      return append(key, [...unique.values()], options);
    },
  })),
  'logs/rewrite': logs(({ read, rewrite }) => ({
    async rewrite(key, entries, options) {
      const now = new Map((await toArray(read(key))).map(({ id, revision }) => [id, revision]));
      const forced = entries.map((entry) => ({ ...entry, revision: now.get(entry.id) ?? entry.revision }));
      return rewrite(key, forced, options);
    },
  })),
  'logs/rewrite-absent': logs(({ append, head, rewrite }) => ({
    async rewrite(key, entries, options) {
      if (!(await head(key))) await append(key, [...entries]);
      return rewrite(key, entries, options);
    },
  })),
  'logs/replay-rewritten': logs(({ append, read, rewrite }) => ({
    async append(key, entries, options) {
      const receipt = await append(key, entries, options);
      if (receipt.outcome === 'replayed') {
        const stored = await toArray(read(key));
        const back = entries.map((entry) => ({
          ...entry,
          revision: stored.find(({ id }) => id === entry.id)?.revision ?? 0,
        }));
        await rewrite(key, back);
      }
      return receipt;
    },
  })),
  'logs/delete': logs(({ append }) => ({
    append: async (...args) => ({ ...(await append(...args)), epoch: 'always the same' }),
  })),
  'logs/list': logs(({ list }) => ({
    list: (...args) => mapped(list(...args), (item) => ({ ...item, updatedAt: 0 })),
  })),

  'read/absent': logs(({ head }) => ({
    head: async (...args) => (await head(...args)) ?? { epoch: '', seq: 0 },
  })),
  'read/range': logs(({ read }) => ({
    read: (key, options) => read(key, { ...options, ...(options?.to && { to: options.to - 1 }) }),
  })),
  'read/long': logs(({ read }) => ({ read: (...args) => limited(read(...args), 1000) })),
  'read/while-appending': logs(({ read, head }) => ({
    async *read(key, options) {
      const before = (await head(key))?.seq ?? 0;
      yield* read(key, { ...options, to: before });
      const after = (await head(key))?.seq ?? 0;
      if (after > before) yield* read(key, { from: after });
    },
  })),
  'read/while-written-anew': logs(({ read, head }) => ({
    async *read(key, options) {
      const last = (await head(key))?.seq ?? 0;
      for (let from = 1; from <= last; from += 100)
        yield* await toArray(read(key, { ...options, from, to: from + 99 }));
    },
  })),
  'read/copy': logs(({ read }) => {
    const cache = new Map<string, LogEntry>();
    return {
      async *read(key, options) {
        for await (const entry of read(key, options)) {
          if (!cache.has(entry.id)) cache.set(entry.id, entry);
          yield cache.get(entry.id) as typeof entry;
        }
      },
    };
  }),
};
