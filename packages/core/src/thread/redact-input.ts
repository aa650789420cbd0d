import type { JsonValue, Message, Part } from '../message/message.js';
import type { EntryInput } from './entry.js';

type Redact = (value: JsonValue) => JsonValue;

/** Runs `redact` over what an entry says; ids, references and times stay. The result is checked like any other entry. */
export function redactInput(entry: EntryInput, redact: Redact): EntryInput {
  const parts = (content: readonly Part[]) => redact(content) as Part[];
  const clean = (message: Message): Message => ({
    ...message,
    content: parts(message.content),
    ...(message.metadata ? { metadata: redact(message.metadata) as NonNullable<Message['metadata']> } : {}),
  });
  switch (entry.kind) {
    case 'message':
      return { ...entry, data: clean(entry.data) };
    case 'overlay': {
      const { summary, replace, details, ...rest } = entry.data;
      return {
        ...entry,
        data: {
          ...rest,
          ...(summary ? { summary: clean(summary) } : {}),
          ...(replace
            ? {
                replace: Object.fromEntries(
                  Object.entries(replace).map(([id, content]) => [id, parts(content)]),
                ),
              }
            : {}),
          ...(details === undefined ? {} : { details: redact(details) }),
        },
      };
    }
    case 'turn':
      return entry.data.state === 'failed'
        ? { ...entry, data: { ...entry.data, reason: String(redact(entry.data.reason)) } }
        : entry;
    case 'call':
    case 'clear':
    case 'revert':
    case 'redaction':
    case 'pin':
      return entry;
    default:
      return { ...entry, data: redact(entry.data) };
  }
}

/**
 * A `redact` option from a function over strings: every string in a value goes through it, property names stay.
 *
 * @example
 * openThread({ store, key, redact: redactText((text) => text.replaceAll(/\b\d{16}\b/g, '[card]')) });
 */
export function redactText(redact: (text: string) => string): Redact {
  const walk = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') return redact(value);
    if (Array.isArray(value)) return value.map(walk);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, walk(item)]));
  };
  return walk;
}
