import type { Clock } from '@loci/core';
import type { HealthRecord, SharedHealth } from './health.js';
import { type BreakerOptions, ModelHealth } from './model-health.js';

/** The health of all models of one router. */
export interface Health {
  readonly shared: SharedHealth;
  readonly models: readonly ModelHealth[];
  /** Calls `wake` at the next change for the better; returns the function that ends it. */
  onRecovery(wake: () => void): () => void;
}

/** @param onChange Told of each change that began here. */
export function createHealth(
  ids: readonly string[],
  options: BreakerOptions,
  clock: Clock,
  onChange: (record: HealthRecord, from: HealthRecord['breaker']) => void,
): Health {
  const settings = {
    failures: 5,
    ratio: 0.5,
    volume: 20,
    windowMs: 30_000,
    openMs: 10_000,
    quarantineMs: 60_000,
    ...options,
  };
  const listeners = new Set<(record: HealthRecord) => void>();
  const waiting = new Set<() => void>();
  const recovered = () => {
    for (const wake of [...waiting]) wake();
  };
  const models = ids.map(
    (id) =>
      new ModelHealth(id, settings, clock, ({ record }, from) => {
        onChange(record, from);
        for (const listener of listeners) listener(record);
        if (record.breaker === 'closed') recovered();
      }),
  );
  const byId = new Map(models.map((model) => [model.id, model]));
  return {
    models,
    onRecovery(wake) {
      waiting.add(wake);
      return () => void waiting.delete(wake);
    },
    shared: Object.freeze({
      records: () => models.map((model) => model.record),
      adopt(records: readonly HealthRecord[]) {
        const adopted = records.filter((record) => byId.get(record.id)?.adopt(record));
        if (adopted.some(({ breaker }) => breaker === 'closed')) recovered();
      },
      subscribe(listener: (record: HealthRecord) => void) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    }),
  };
}
