import { deepFreeze, InvalidInputError, type JsonValue, toJsonText } from '@loci/core';
import { DataTooLargeError } from '../errors/data-too-large-error.js';
import { InvalidDataError } from '../errors/invalid-data-error.js';
import { type Redact, redactValue } from './redact-value.js';
import { sameJson } from './same-json.js';
import type { SchemaIssue, StandardSchema } from './standard-schema.js';

/** What a value must keep to. */
export interface ValueRules {
  readonly schema: StandardSchema;
  readonly maxBytes: number;
  readonly redact: Redact | undefined;
}

/** A value that the schema accepted: a frozen copy, which shares nothing with what was given. */
export interface CheckedValue {
  readonly value: JsonValue;
  readonly bytes: number;
  /** Whether schema and redaction left the value as it was given. */
  readonly isAsGiven: boolean;
}

/**
 * What the schema makes of the value in a JSON text. Rejects with `InvalidDataError` where it does not fit, and with
 * `InvalidInputError` where the schema makes something of it that is not JSON.
 */
export async function parseValue(schema: StandardSchema, given: string): Promise<CheckedValue> {
  const result = await schema['~standard'].validate(JSON.parse(given));
  if (result.issues) throw new InvalidDataError(result.issues.map(toIssue));
  const text = toJsonText(result.value);
  const copy = JSON.parse(text) as JsonValue;
  return {
    value: deepFreeze(copy),
    bytes: new TextEncoder().encode(text).length,
    isAsGiven: text === given || sameJson(copy, JSON.parse(given) as JsonValue),
  };
}

/**
 * As `parseValue`, for what is to be stored: redacted first, so that neither the schema nor what it complains of has
 * seen what must not be stored. Also rejects with `DataTooLargeError`.
 * INVARIANT: what is stored is accepted by the schema again, unchanged.
 */
export async function checkValue(rules: ValueRules, given: string): Promise<CheckedValue> {
  const { schema, maxBytes, redact } = rules;
  const clean = redactValue(redact, given);
  const checked = await parseValue(schema, clean);
  if (!checked.isAsGiven && !(await isStable(schema, checked.value))) {
    throw new InvalidInputError('options.schema', 'does not accept what it returns, or changes it once more');
  }
  if (checked.bytes > maxBytes) throw new DataTooLargeError(checked.bytes, maxBytes);
  if (clean === given) return checked;
  return { ...checked, isAsGiven: sameJson(checked.value, JSON.parse(given) as JsonValue) };
}

async function isStable(schema: StandardSchema, value: JsonValue): Promise<boolean> {
  try {
    return (await parseValue(schema, JSON.stringify(value))).isAsGiven;
  } catch (error) {
    if (InvalidDataError.isInstance(error) || InvalidInputError.isInstance(error)) return false;
    throw error;
  }
}

function toIssue({ message, path = [] }: SchemaIssue) {
  const keys = path.map((step) => (typeof step === 'object' ? step.key : step));
  return {
    path: keys.map((key) => (typeof key === 'symbol' ? String(key) : key)),
    reason: message,
  };
}
