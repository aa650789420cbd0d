import type { IoOptions, Key } from '@loci/core';
import type { Backend, Row, Value } from './backend.js';
import type { Settings } from './check-options.js';
import type { Connection } from './connection.js';
import type { FunctionName } from './names.js';

interface FunctionCall extends IoOptions {
  readonly key: Key;
  readonly values: readonly Value[];
  readonly operationIds?: readonly string[];
}

/** Calls one of our functions in the database, and answers its one row. */
export type CallFunction = (name: FunctionName, call: FunctionCall) => Promise<Row>;

export function createCaller(connection: Connection, backend: Backend, settings: Settings): CallFunction {
  // What an embedded database survives is its own matter.
  const durable = settings.durability !== 'process';
  return async (name, call) => {
    const values = [durable, backend.alwaysNotify, settings.waitMs, ...call.values];
    const places = values.map((_, index) => `$${index + 1}`);
    const text = `select * from ${settings.names.fn(name)}(${places})`;
    const [row = {}] = await connection.run({ ...call, text, values });
    return row;
  };
}
