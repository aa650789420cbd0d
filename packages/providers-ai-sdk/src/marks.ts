import type { SharedV4ProviderMetadata, SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { JsonValue, Message, Origin } from '@loci/core';
import { isObject } from '@loci/core/provider';
import { toJson, toSdkJson } from './json.js';

/** Our own name in provider metadata and provider options: what V4 has no field for. */
export const lociName = 'loci';

/** What a provider wants back with a part, and who said so. */
export type Mark = { readonly origin: Origin; readonly payload: JsonValue };

/** Name of the entry of a message's `metadata` that holds the marks of its texts and calls, by the index of the part. */
const marksName = 'ai-sdk';

/** Reasoning has a place for what the provider wants back; texts and calls keep it beside them, in the message. */
export function withMarks(marks: ReadonlyMap<number, Mark>): Pick<Message, 'metadata'> {
  return marks.size === 0 ? {} : { metadata: { [marksName]: Object.fromEntries(marks) } };
}

/** The mark of a text or a call. */
export function markOf(message: Message | undefined, partIndex: number): Mark | undefined {
  const marks = message?.metadata?.[marksName];
  return isObject(marks) ? readMark(marks[partIndex]) : undefined;
}

/** The mark under our name in provider metadata or options. */
export function readMark(value: unknown): Mark | undefined {
  if (!isObject(value)) return undefined;
  const { origin, payload } = value;
  if (!isObject(origin) || typeof origin['provider'] !== 'string' || typeof origin['model'] !== 'string')
    return undefined;
  const { provider, model, account } = origin;
  return {
    origin: { provider, model, ...(typeof account === 'string' && { account }) },
    payload: toJson(payload),
  };
}

/** Provider metadata with these fields under our name. */
export function ownMetadata(fields: { readonly [name: string]: JsonValue }): SharedV4ProviderMetadata {
  return { [lociName]: toSdkJson(fields) as SharedV4ProviderMetadata[string] };
}

/** A payload as provider options; `undefined` where it is not what an AI SDK model said, but a vendor's own form. */
export function toProviderOptions(payload: JsonValue | undefined): SharedV4ProviderOptions | undefined {
  return isObject(payload) && Object.values(payload).every(isObject)
    ? (payload as SharedV4ProviderOptions)
    : undefined;
}

export function isSameOrigin(origin: Origin, target: Origin | undefined): boolean {
  return (
    origin.provider === target?.provider && origin.model === target.model && origin.account === target.account
  );
}
