import { type Clock, type Key, LociError, type Store } from '@loci/core';

/**
 * A store whose appends also renew the expiry of one document, at the latest when half of it is over: what belongs to
 * a conversation lives as long as that.
 */
export function renewing(
  store: Store,
  key: Key,
  options: { readonly ttlMs: number; readonly clock: Clock; readonly randomId: () => string },
): Store {
  const { ttlMs, clock, randomId } = options;

  async function renew(): Promise<void> {
    const found = await store.documents.get(key);
    if (found?.expiresAt === undefined || found.expiresAt - clock.now() > ttlMs / 2) return;
    const { value, version } = found;
    await store.documents.put(key, value, { expect: { version }, operationId: randomId(), ttlMs });
  }

  return Object.freeze<Store>({
    ...store,
    logs: Object.freeze<Store['logs']>({
      ...store.logs,
      async append(...args) {
        const receipt = await store.logs.append(...args);
        await renew().catch((error: unknown) => {
          // Somebody else has written it, which renews it too; or the next append will.
          if (!LociError.isInstance(error)) throw error;
        });
        return receipt;
      },
    }),
  });
}
