import { ConflictError, type Version } from '@loci/core';
import { toArray } from '../../src/kit/assertions.js';
import { documents, limited, type Mutation } from './mutation.js';

const checksBeforeWriting = documents(({ get, put }) => ({
  async put(key, value, options) {
    const found = await get(key);
    const { expect } = options;
    if (expect === 'absent' ? found : expect !== 'any' && expect.version !== found?.version)
      throw new ConflictError(key);
    await new Promise((resolve) => setImmediate(resolve));
    return put(key, value, { ...options, expect: 'any' });
  },
}));

const forgetsWhetherItApplied = documents(({ put }) => ({
  put: (key, ...rest) =>
    put(key, ...rest).catch((error) => {
      throw ConflictError.isInstance(error) ? new ConflictError(key) : error;
    }),
}));

export const brokenDocuments: Readonly<Record<string, Mutation>> = {
  'documents/missing': documents(({ get }) => ({
    get: async (...args) => (await get(...args)) ?? (null as unknown as undefined),
  })),
  'documents/round-trip': documents(({ get }) => ({
    async get(...args) {
      const found = await get(...args);
      return found && { ...found, updatedAt: found.updatedAt + 1 };
    },
  })),
  'documents/replace': documents(({ get, put }) => ({
    async put(key, value, options) {
      const found = await get(key);
      return put(key, { ...(found?.value as object), ...(value as object) }, options);
    },
  })),
  'documents/copy': documents(({ get }) => {
    const cache = new Map<string, Awaited<ReturnType<typeof get>>>();
    return {
      async get(key, options) {
        const name = JSON.stringify(key);
        if (!cache.has(name)) cache.set(name, await get(key, options));
        return cache.get(name);
      },
    };
  }),
  'documents/conflict': documents(({ put }) => ({
    put: (key, value, options) => put(key, value, { ...options, expect: 'any' }),
  })),
  'documents/expect': documents(({ put }) => ({
    put: (key, value, options) =>
      typeof options.expect === 'object' ? Promise.reject(new ConflictError(key)) : put(key, value, options),
  })),
  'documents/expect-missing': documents(({ get, put }) => ({
    put: async (key, value, options) =>
      put(key, value, { ...options, expect: (await get(key)) ? options.expect : 'any' }),
  })),
  'documents/replay': documents(({ put }) => {
    let count = 0;
    return {
      put: (key, value, options) =>
        put(key, value, { ...options, operationId: `${options.operationId}-${count++}` }),
    };
  }),
  'documents/replay-newest': documents(({ put }) => {
    const born = new Map<string, number>();
    return {
      put(key, value, options) {
        const { operationId } = options;
        if (!born.has(operationId)) born.set(operationId, born.size);
        const age = born.size - (born.get(operationId) ?? 0);
        return put(key, value, { ...options, operationId: age > 16 ? `${operationId} again` : operationId });
      },
    };
  }),
  'documents/may-have-applied': forgetsWhetherItApplied,
  'documents/may-have-applied-before': forgetsWhetherItApplied,
  'documents/versions': documents(({ put }) => ({
    async put(...args) {
      const receipt = await put(...args);
      return { ...receipt, version: receipt.version.split('.')[1] as Version };
    },
  })),
  'documents/delete': documents((inner) => ({
    delete: (key, options) => inner.delete(key, { ...options, expect: 'any' }),
  })),
  'documents/concurrent': checksBeforeWriting,
  'documents/increments': checksBeforeWriting,
  'documents/list-order': documents(({ list }) => ({
    async *list(prefix, options) {
      const keys = await toArray(list(prefix, options));
      yield* keys.sort((a, b) => a.key.join('/').localeCompare(b.key.join('/')));
    },
  })),
  'documents/list-pages': documents(({ list }) => ({
    list: (prefix, options) => limited(list(prefix, options), 200),
  })),
};
