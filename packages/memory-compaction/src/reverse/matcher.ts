import {
  canonicalJson,
  type Entry,
  InvalidInputError,
  type JsonValue,
  type Message,
  stubData,
} from '@loci/core';

/** What to forget: what fits everything that is given. A list fits where one of it does. */
export interface ForgetWhat {
  /** In any string of a message, plugin entry or summary, names of properties and files included, whatever the case. */
  readonly text?: string;
  /** Of entries. */
  readonly ids?: readonly string[];
  readonly tags?: readonly string[];
  readonly agentId?: string;
  /** Messages alone are asked. */
  readonly where?: (message: Message) => boolean;
}

/** Whether an entry is to be forgotten. Throws `InvalidInputError` where nothing says what. */
export function createMatcher(what: ForgetWhat): (entry: Entry) => boolean {
  const { text, ids, tags, agentId, where } = what;
  if ([text, ids, tags, agentId, where].every((given) => given === undefined))
    throw new InvalidInputError('what', 'says nothing to forget: give text, ids, tags, agentId or where');
  if (text !== undefined && text.trim() === '')
    throw new InvalidInputError('what.text', 'is empty, and every entry would hold it');
  const wanted = text === undefined ? undefined : fold(text);
  const wantedIds = ids && new Set(ids);
  return (entry) => {
    const message = entry.kind === 'message' ? entry.data : undefined;
    const itsTags = [...(entry.tags ?? []), ...(message?.tags ?? [])];
    if (wantedIds && !wantedIds.has(entry.id)) return false;
    if (tags && !tags.some((tag) => itsTags.includes(tag))) return false;
    if (agentId !== undefined && (entry.agentId ?? message?.agentId) !== agentId) return false;
    if (where && !(message && where(message))) return false;
    return wanted === undefined || holds([entry.data as JsonValue, itsTags], wanted);
  };
}

/** Whether a redaction would take anything away: there is nothing left to take from what it went over before. */
export function hasText(entry: Entry): boolean {
  if (entry.kind === 'overlay')
    return [entry.data.summary, entry.data.replace, entry.data.details].some((part) => part !== undefined);
  const [now, then] = [entry.data, stubData(entry)].map((data) => canonicalJson(data as JsonValue));
  return entry.tags !== undefined || now !== then;
}

/** Equal for texts that differ in case or in how letters are composed. */
function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

function holds(value: JsonValue, wanted: string): boolean {
  if (typeof value === 'string') return fold(value).includes(wanted);
  if (value === null || typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.some((item) => holds(item, wanted));
  const isMedia = 'mediaType' in value && 'data' in value;
  return Object.entries(value).some(([name, item]) => {
    // Short words occur in any base64 by chance.
    if (isMedia && name === 'data' && typeof item === 'string' && !/^https?:/.test(item)) return false;
    return fold(name).includes(wanted) || holds(item, wanted);
  });
}
