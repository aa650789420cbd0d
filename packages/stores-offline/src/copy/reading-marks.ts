import type { Name } from '../names.js';

/**
 * Tells a reading of the server that was overtaken by a write from here, so that an old answer that comes late does
 * not bring back in the copy what the write has changed or deleted.
 */
export interface ReadingMarks {
  /** At the start of a reading. `current` is false once a write to the record was answered; call `end` in any case. */
  begin(name: Name): { readonly current: boolean; readonly end: () => void };
  /** A write to the record was answered. */
  written(name: Name): void;
}

export function createReadingMarks(): ReadingMarks {
  const open = new Map<Name, Set<{ current: boolean }>>();
  return {
    begin(name) {
      const mark = {
        current: true,
        end() {
          const marks = open.get(name);
          marks?.delete(mark);
          if (marks?.size === 0) open.delete(name);
        },
      };
      const marks = open.get(name) ?? new Set();
      open.set(name, marks.add(mark));
      return mark;
    },
    written(name) {
      for (const mark of open.get(name) ?? []) mark.current = false;
    },
  };
}
