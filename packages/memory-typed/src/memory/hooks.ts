/** Tells hooks about changes: one change after the other, and one hook after the other. */
export interface Hooks<Change> {
  add(hook: (change: Change) => unknown): () => void;
  /** Hooks that return no promise have run when it returns, unless an earlier change is still being told. */
  tell(change: Change): void;
  /** Resolves when nothing is left to tell. */
  idle(): Promise<void>;
}

/** @param onFailure Called with what a hook throws; must not throw. */
export function createHooks<Change>(onFailure: (error: unknown) => void): Hooks<Change> {
  // An object for each registration: the same function may be registered twice.
  type Registration = { readonly hook: (change: Change) => unknown };
  const registered = new Set<Registration>();
  const waiting: { readonly change: Change; readonly to: readonly Registration[] }[] = [];
  let isTelling = false;
  let told: Promise<void> = Promise.resolve();

  async function tellAll(): Promise<void> {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      for (const registration of next.to) {
        if (!registered.has(registration)) continue;
        try {
          const result = registration.hook(next.change);
          // No pause for what is no promise: plain hooks have run before the caller goes on.
          if (isPromise(result)) await result;
        } catch (error) {
          onFailure(error);
        }
      }
    }
    isTelling = false;
  }

  return {
    add(hook) {
      const registration = { hook };
      registered.add(registration);
      return () => void registered.delete(registration);
    },
    tell(change) {
      waiting.push({ change, to: [...registered] });
      if (isTelling) return;
      isTelling = true;
      told = tellAll();
    },
    idle: () => told,
  };
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
