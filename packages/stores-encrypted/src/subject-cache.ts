import type { Clock } from '@loci/core';
import type { PlatformKey } from './keys.js';

/** The keys of one subject, ready to be used. */
export interface LoadedSubject {
  readonly current?: { readonly id: string; readonly key: PlatformKey };
  readonly erased: ReadonlySet<string>;
}

type Load = () => Promise<LoadedSubject>;

/** Remembers subjects for a limited time. Two calls at the same time load once. */
export interface SubjectCache {
  get(subject: string, load: Load): Promise<LoadedSubject>;
  /** Loads again, whatever is remembered. */
  renew(subject: string, load: Load): Promise<LoadedSubject>;
  forget(subject: string): void;
}

const maxSubjects = 1000;

export function createSubjectCache(cacheMs: number, clock: Clock): SubjectCache {
  // In the order of their age, so that the old ones are in front.
  const remembered = new Map<string, { readonly since: number; readonly loaded: Promise<LoadedSubject> }>();

  const forgetOld = () => {
    const now = clock.now();
    for (const [subject, { since }] of remembered) {
      // A clock that was set back must not make keys immortal.
      if (now >= since && now - since < cacheMs && remembered.size <= maxSubjects) return;
      remembered.delete(subject);
    }
  };
  const renew = (subject: string, load: Load) => {
    const entry = { since: clock.now(), loaded: load() };
    remembered.delete(subject);
    remembered.set(subject, entry);
    entry.loaded.catch(() => {
      if (remembered.get(subject) === entry) remembered.delete(subject);
    });
    return entry.loaded;
  };
  return {
    get(subject, load) {
      forgetOld();
      return remembered.get(subject)?.loaded ?? renew(subject, load);
    },
    renew,
    forget: (subject) => void remembered.delete(subject),
  };
}
