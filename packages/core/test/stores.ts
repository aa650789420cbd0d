import { type LogStore, type Store, StoreUnavailableError } from '../src/index.js';

/** A store whose log appends go through `around`, for crashes and lost answers. */
export function withAppend(
  store: Store,
  around: (append: () => ReturnType<LogStore['append']>) => ReturnType<LogStore['append']>,
): Store {
  return { ...store, logs: { ...store.logs, append: (...args) => around(() => store.logs.append(...args)) } };
}

/** Applies the append and loses the answer, whenever `lose` says so. */
export function losingAnswers(store: Store, lose: () => boolean): Store {
  return withAppend(store, async (append) => {
    const receipt = await append();
    if (lose()) throw new StoreUnavailableError('the answer was lost');
    return receipt;
  });
}

/** Every stored body of a log as text, for looking for what must not be there. */
export async function dump(store: Store, key: readonly string[]): Promise<string> {
  let text = '';
  for await (const entry of store.logs.read(key)) text += `${JSON.stringify(entry.body)}\n`;
  return text;
}
