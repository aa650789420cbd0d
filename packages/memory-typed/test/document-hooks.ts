import { appendFile } from 'node:fs/promises';
import { z } from 'zod';
import type { ChangeHook, TypedMemory } from '../src/index.js';

// The three hooks of the document that this package comes from.

export const conversation = z.object({
  summary: z.string(),
  messages: z.array(z.object({ role: z.enum(['user', 'assistant', 'system']), content: z.string() })),
});
export type Conversation = z.infer<typeof conversation>;

/** Writes a line for every change. */
export function logToFile(path: string, name: string, now: () => Date): ChangeHook<Conversation> {
  return ({ patch }) => {
    const paths = patch.map((step) => `${step.op} ${step.path}`).join(', ');
    return appendFile(path, `${now().toISOString()}: agent ${name} memory updated (${paths})\n`);
  };
}

/** Speaks up once each time a conversation grows above 100 messages. */
export function alertWhenLong(alert: (messages: number) => void, limit = 100): ChangeHook<Conversation> {
  return ({ old, new: { messages } }) => {
    if (messages.length > limit && old.messages.length <= limit) alert(messages.length);
  };
}

/** Replaces all but the newest 50 messages by a summary when there are more than 200. */
export function summarizeWhenOld(
  memory: TypedMemory<Conversation>,
  summarize: (summary: string, messages: Conversation['messages']) => Promise<string>,
  limit = 200,
  keep = 50,
): ChangeHook<Conversation> {
  return async ({ new: { messages } }) => {
    if (messages.length <= limit) return;
    await memory.update(async (draft) => {
      // An earlier call may have done it, and messages may have come meanwhile.
      if (draft.messages.length <= limit) return;
      const old = draft.messages.splice(0, draft.messages.length - keep);
      draft.summary = await summarize(draft.summary, old);
    });
  };
}
