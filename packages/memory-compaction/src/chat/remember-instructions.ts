import {
  canonicalJson,
  type EntryInput,
  hashText,
  type JsonValue,
  type Message,
  type Part,
  type Shape,
  type Thread,
  type View,
} from '@loci/core';
import { readDetails } from '../apply/details.js';

const maxAttempts = 5;

/**
 * Keeps the system messages of a call in the thread, so that later calls need not repeat them. The newest that were
 * sent count: earlier ones are hidden, pinned ones aside. Sent again, nothing is written.
 */
export async function rememberInstructions(
  thread: Thread,
  system: readonly Message[],
  agentId: string | undefined,
): Promise<void> {
  if (system.length === 0) return;
  const agent = agentId === undefined ? {} : { agentId };
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const view = await thread.view(agent);
    const known = systemOf(view);
    if (textsOf(known) === textsOf(system)) return;
    const fresh = await store(thread, view, system, agent);
    const now = await thread.view(agent);
    const old = systemOf(now).filter(({ id }) => !fresh.has(id) && !now.pinned.has(id));
    if (old.length === 0) return;
    const ids = old.map(({ id }) => id);
    const result = await thread.reshape(
      now,
      without(now, ids),
      `hidden.${[...fresh].join('.')}`.slice(0, 500),
    );
    if (result === 'applied') return;
  }
}

function systemOf({ kept, messages }: View): Message[] {
  return [...kept, ...messages].filter(({ role }) => role === 'system');
}

function textsOf(messages: readonly Message[]): string {
  return canonicalJson([...new Set(messages.map(({ content }) => canonicalJson(content)))]);
}

/** The same ids for the same text on the same view: two calls at once store it once. */
async function store(
  thread: Thread,
  view: View,
  system: readonly Message[],
  agent: { readonly agentId?: string },
): Promise<ReadonlySet<string>> {
  const entries = system.map((message, index): EntryInput => {
    const id = `system.${hashText(canonicalJson([message.content, index, view.basis, view.seq === 0]))}`;
    return { id, version: 1, kind: 'message', ...agent, data: { ...message, id, ...agent } };
  });
  await thread.append(entries);
  return new Set(entries.map(({ id }) => id));
}

/** The view as it is, without these messages. */
function without({ current, kept, summary, ref }: View, ids: readonly string[]): Shape {
  const earlier = readDetails(current?.details);
  const hidden = Object.fromEntries(ids.map((id) => [id, [] as readonly Part[]]));
  return {
    covers: current?.covers ?? { closed: { turnSeq: 0, seq: 0 } },
    hash: '',
    keep: kept.filter(({ id }) => !ids.includes(id)).map(ref),
    ...(summary ? { summary } : {}),
    replace: { ...current?.replace, ...hidden },
    ...(earlier && current
      ? {
          details: {
            ...earlier,
            action: 'clear',
            basis: summary ? current.id : null,
            covered: [],
            replaced: ids,
            saw: null,
            calls: 0,
            usage: null,
            tokens: { before: earlier.tokens.after, after: earlier.tokens.after },
            trigger: 'instructions',
            retention: { found: 0, kept: 0 },
          } as unknown as JsonValue,
        }
      : {}),
  };
}
