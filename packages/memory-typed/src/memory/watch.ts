import {
  deepFreeze,
  hasPrefix,
  InvalidInputError,
  type JsonValue,
  StoreClosedError,
  StoreUnavailableError,
} from '@loci/core';
import { diffJson } from '../value/diff-json.js';
import { sameJson } from '../value/same-json.js';
import type { PatchOperation } from '../value/to-patch.js';
import { type Settings, want, wantWait } from './memory-options.js';
import type { StateReader } from './state.js';
import { backOff, wait } from './wait.js';

/** What `watch` tells, before the value has got its type. */
export interface SeenChange {
  readonly old: JsonValue;
  readonly new: JsonValue;
  readonly patch: readonly PatchOperation[];
}

export interface Watching {
  readonly signal: AbortSignal;
  readonly pollMs: number | undefined;
  /** What was seen last; `undefined`: what is stored when the watching begins. */
  readonly from: JsonValue | undefined;
}

/** Every difference between what was seen last and what is stored. Ends when the signal is aborted or the store closed. */
export async function* watchStored(
  settings: Settings,
  reader: StateReader,
  { signal, pollMs, from }: Watching,
): AsyncGenerator<SeenChange, void, undefined> {
  let last = from;
  try {
    for await (const _ of hints(settings, signal, pollMs)) {
      const now = await readPatiently(settings, reader, signal);
      if (last !== undefined && !sameJson(last, now)) {
        yield deepFreeze({ old: last, new: now, patch: diffJson(last, now) });
      }
      last = now;
    }
  } catch (error) {
    if (!signal.aborted && !StoreClosedError.isInstance(error)) throw error;
  }
}

/** Throws `InvalidInputError` where there is no way to hear of changes. */
export function checkWatch(settings: Settings, { signal, pollMs }: Watching): void {
  want(signal instanceof AbortSignal, 'options.signal', 'is missing; it ends the watching');
  if (pollMs !== undefined) wantWait(pollMs, 'options.pollMs');
  if (!settings.store.feed && pollMs === undefined) {
    throw new InvalidInputError('options.pollMs', 'is missing, and the store has no change feed');
  }
}

/** Says when to look again; the first time when nothing can be missed any more. */
async function* hints(
  { store, key, clock }: Settings,
  signal: AbortSignal,
  pollMs: number | undefined,
): AsyncGenerator<void, void, undefined> {
  if (!store.feed) {
    for (; !signal.aborted; await wait(clock, pollMs ?? 0, signal)) yield;
    return;
  }
  for await (const change of store.feed.watch(key, { signal })) {
    const isOther =
      change.type === 'changed' && (change.target !== 'document' || !hasPrefix(key, change.key));
    if (!isOther) yield;
  }
}

/** A hint may be the last one for long: what it told of is read, however often that takes. */
async function readPatiently(
  settings: Settings,
  reader: StateReader,
  signal: AbortSignal,
): Promise<JsonValue> {
  for (let attempt = 1; ; attempt++) {
    try {
      return (await reader.read({ signal })).record.value;
    } catch (error) {
      if (!StoreUnavailableError.isInstance(error)) throw error;
      await backOff(settings.clock, attempt, signal);
    }
  }
}
