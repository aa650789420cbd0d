import type { ModelTraits, Origin, ReasoningPart } from '@loci/core';
import type { Dialect } from '@loci/core/conversation';
import { isObject } from '@loci/core/provider';
import { chatDialect } from './chat-dialect.js';

/**
 * What the Responses API takes, for `compileConversation`. Ids may be longer than in Chat Completions, files may be URLs,
 * and reasoning goes back to where it came from: the same provider, model and account.
 */
export function responsesDialect(origin: Origin, features: Partial<ModelTraits['features']> = {}): Dialect {
  const chat = chatDialect(features);
  return {
    ...chat,
    callIds: { ...chat.callIds, maxLength: 64 },
    media: (part, role) =>
      role !== 'user' || features[part.type === 'image' ? 'images' : 'files'] === 'no' ? undefined : part,
    reasoning: (part) => isSame(part.origin, origin) && toReasoningItem(part) !== undefined,
    reasoningId: (part) => toReasoningItem(part)?.id,
  };
}

/** A reasoning item as it is sent back. */
export interface ReasoningItem {
  readonly type: 'reasoning';
  readonly id: string;
  readonly summary: { readonly type: 'summary_text'; readonly text: string }[];
  readonly encrypted_content: string;
}

/** The item in a part's payload; `undefined` where it is none that can be sent back: nothing is stored at the vendor. */
export function toReasoningItem({ payload }: ReasoningPart): ReasoningItem | undefined {
  if (typeof payload !== 'object' || payload === null || !('id' in payload)) return undefined;
  const { id, summary, encrypted_content: encrypted } = payload;
  if (typeof id !== 'string' || typeof encrypted !== 'string') return undefined;
  const texts: readonly unknown[] = Array.isArray(summary) ? summary : [];
  return {
    type: 'reasoning',
    id,
    summary: texts.flatMap((part) =>
      isObject(part) && typeof part['text'] === 'string'
        ? [{ type: 'summary_text', text: part['text'] }]
        : [],
    ),
    encrypted_content: encrypted,
  };
}

function isSame(one: Origin, other: Origin): boolean {
  return one.provider === other.provider && one.model === other.model && one.account === other.account;
}
