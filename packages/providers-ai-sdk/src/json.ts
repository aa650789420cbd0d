import type { JSONObject, JSONValue } from '@ai-sdk/provider';
import type { JsonValue } from '@loci/core';
import { isObject } from '@loci/core/provider';

/** A value of the AI SDK as plain JSON: properties that are `undefined` are gone, and so is what JSON cannot hold. */
export function toJson(value: unknown): JsonValue {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value) ?? 'null') as JsonValue);
}

/** Our JSON as the AI SDK's, whose types demand that it may be changed. */
export function toSdkJson(value: JsonValue): JSONValue {
  return value as JSONValue;
}

/** An object as one of the AI SDK's; `undefined` for any other value. */
export function toSdkObject(value: JsonValue | undefined): JSONObject | undefined {
  return isObject(value) ? (value as JSONObject) : undefined;
}
