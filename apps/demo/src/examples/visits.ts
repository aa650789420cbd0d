import type { JsonValue } from '@loci/core';
import { z } from 'zod';

export const day = 24 * 3600 * 1000;

const schema = z.object({ notes: z.array(z.string()), visits: z.number() });
const initial = { notes: [], visits: 0 };

/** Takes card numbers out of every text, before it goes anywhere. */
function redact(value: JsonValue): JsonValue {
  return JSON.parse(JSON.stringify(value).replace(/\b\d{4}([ -]?\d{4}){3}\b/g, '[card]')) as JsonValue;
}

/** What a program remembers of a visitor. */
export const visits = { schema, initial, redact, schemaId: 'demo/visit' };

/** The same in the next version of the program: a note has become an object. */
export const nextVisits = {
  ...visits,
  schema: z.object({ notes: z.array(z.object({ text: z.string() })), visits: z.number() }),
  schemaVersion: 2,
  migrations: {
    up: { 1: (old: z.infer<typeof schema>) => ({ ...old, notes: old.notes.map((text) => ({ text })) }) },
  },
};
