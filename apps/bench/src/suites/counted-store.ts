import type { Store } from '@loci/core';

export interface Written {
  readonly appends: number;
  /** Of ids and bodies, as JSON in UTF-8. */
  readonly bytes: number;
}

/** The same store; what is handed to it for appending is counted. */
export function counted(store: Store): { readonly store: Store; readonly written: () => Written } {
  let appends = 0;
  let bytes = 0;
  const append: Store['logs']['append'] = (key, entries, options) => {
    appends += 1;
    bytes += Buffer.byteLength(JSON.stringify(entries));
    return store.logs.append(key, entries, options);
  };
  return { store: { ...store, logs: { ...store.logs, append } }, written: () => ({ appends, bytes }) };
}
