import type { ChatEvent, ChatResponse } from './model.js';
import { ModelError } from './model-error.js';

/** Reads a stream to its end and resolves its response. Rejects with `ModelError` `truncated` where it never finishes. */
export async function collectStream(stream: AsyncIterable<ChatEvent>): Promise<ChatResponse> {
  for await (const event of stream) if (event.type === 'finish') return event.response;
  throw truncated();
}

export function truncated(): ModelError {
  return new ModelError('The answer ended without its end marker.', {
    kind: 'truncated',
    scope: 'model',
    retry: 'other',
  });
}
