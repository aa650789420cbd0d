import { InvalidInputError, toJsonText } from '@loci/core';
import { type Settings, wantCount } from './memory-options.js';
import { leads, migrate, missingStep } from './migrations.js';
import { createRecord, type MemoryRecord, parseRecord } from './record.js';

/** A record as a program of `schemaVersion` reads it. */
export async function exportAs(
  { key, migrations }: Settings,
  record: MemoryRecord,
  schemaVersion: number | undefined,
): Promise<MemoryRecord> {
  const from = record.schema.version;
  if (schemaVersion === undefined || schemaVersion === from) return record;
  wantCount(schemaVersion, 'options.schemaVersion');
  const missing = missingStep(migrations, from, schemaVersion);
  if (schemaVersion > from || missing !== undefined) {
    const step =
      schemaVersion > from ? 'the memory is older' : `there is no step migrations.down[${missing}]`;
    throw new InvalidInputError('options.schemaVersion', `cannot be reached: ${step}`);
  }
  const value = await migrate(migrations, key, record.value, from, schemaVersion);
  return createRecord({ ...record, schema: { id: record.schema.id, version: schemaVersion }, value });
}

/** The record in what somebody exported, brought to the version of this memory; its value is not checked. */
export async function readImport(
  { key, recordSchema, migrations }: Settings,
  data: unknown,
): Promise<MemoryRecord> {
  const parsed = parseRecord(JSON.parse(toJsonText(data, 'data')), recordSchema.id);
  if ('problem' in parsed) throw new InvalidInputError(`data.${parsed.problem.path}`, parsed.problem.reason);
  const { record } = parsed;
  const { version } = record.schema;
  if (!leads(migrations, version, recordSchema.version)) {
    const reason = 'is not the schemaVersion of this memory, and no migrations lead there';
    throw new InvalidInputError('data.schema.version', reason);
  }
  const value = await migrate(migrations, key, record.value, version, recordSchema.version);
  return createRecord({ ...record, schema: recordSchema, value });
}
