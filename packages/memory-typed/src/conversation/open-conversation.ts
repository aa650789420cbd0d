import {
  checkKey,
  createMessage,
  type EntryInput,
  InvalidInputError,
  type IoOptions,
  openThread,
  StoreUnavailableError,
  randomId as secureId,
  systemClock,
} from '@loci/core';
import { type MemoryOptions, want, wantCount } from '../memory/memory-options.js';
import { openMemory } from '../memory/open-memory.js';
import type { TypedMemory } from '../memory/typed-memory.js';
import type { StandardSchema } from '../value/standard-schema.js';
import type { Attributes, Conversation, ConversationMemory, ConversationOptions } from './conversation.js';
import { defaultKey, keysOf, preferencesKey } from './conversation-keys.js';
import { deleteConversation } from './delete-conversation.js';
import { readHistory } from './history.js';
import { createRecordKeeper } from './keep-record.js';
import { newConversationId } from './new-conversation-id.js';
import { renewing } from './renewing.js';

/**
 * Opens a conversation, whether or not anything is stored of it yet: messages in a thread, attributes beside it, and
 * what is known of the user. Does no I/O. Throws `InvalidInputError` or `InvalidKeyError` where an option cannot be
 * used.
 *
 * @example
 * const conversation = openConversation({ store, id: 'conv_123', userId: 'alice' });
 * await conversation.append([{ role: 'user', content: 'Hello!' }]);
 * await conversation.attributes.update((draft) => { draft['topic'] = 'billing'; });
 */
export function openConversation<
  AttributesInput = Attributes,
  AttributesValue = Attributes,
  PreferencesInput = Attributes,
  PreferencesValue = Attributes,
>(
  options: ConversationOptions<AttributesInput, AttributesValue, PreferencesInput, PreferencesValue>,
): Conversation<AttributesValue, PreferencesValue, AttributesInput, PreferencesInput> {
  want(typeof options === 'object' && options !== null, 'options', 'is not an object');
  const { store, key = defaultKey, userId, historyLimit = 100, redact, ttlMs, onEvent } = options;
  const { clock = systemClock, randomId = secureId } = options;
  const isStore = typeof store?.logs?.append === 'function' && typeof store.documents?.get === 'function';
  want(isStore, 'options.store', 'is not a store');
  want(typeof randomId === 'function', 'options.randomId', 'is not a function');
  checkKey(key);
  wantCount(historyLimit, 'options.historyLimit');
  const id = options.id ?? newConversationId(userId, randomId);
  const { thread: threadKey, attributes: attributesKey, record: recordKey } = keysOf(key, id);
  checkKey(recordKey);

  const common = {
    clock,
    randomId,
    ...(redact ? { redact } : {}),
    ...(onEvent ? { onEvent } : {}),
  };
  const limits = ttlMs === undefined ? {} : { ttlMs };
  const attributes = openPart('attributes', {
    ...(options.attributes ?? (anything as unknown as ConversationMemory<AttributesInput, AttributesValue>)),
    ...common,
    ...limits,
    store,
    key: attributesKey,
  });
  const preferences =
    userId === undefined
      ? undefined
      : openPart('preferences', {
          ...(options.preferences ??
            (anything as unknown as ConversationMemory<PreferencesInput, PreferencesValue>)),
          ...common,
          store,
          key: preferencesKey(key, userId),
        });
  const threadStore =
    ttlMs === undefined ? store : renewing(store, attributesKey, { ttlMs, clock, randomId });
  const thread = openThread({
    ...limits,
    ...(redact ? { redact } : {}),
    store: threadStore,
    key: threadKey,
    randomId,
  });
  const keeper = createRecordKeeper({ store, thread, key: recordKey, ttlMs, randomId });

  return Object.freeze({
    id,
    ...(userId === undefined ? {} : { userId }),
    thread,
    attributes,
    ...(preferences ? { preferences } : {}),
    async append(given, io: IoOptions = {}) {
      want(Array.isArray(given) && given.length > 0, 'messages', 'is not a list of at least one message');
      const source = { now: () => Math.floor(clock.now()), randomId };
      const messages = given.map((message, index) => {
        const isMessage = typeof message === 'object' && message !== null;
        want(isMessage, `messages[${index}]`, 'is not a message');
        return createMessage(message, source);
      });
      const entries = messages.map(
        (data): EntryInput => ({ id: data.id, version: 1, kind: 'message', data }),
      );
      try {
        await thread.append(entries, io);
      } catch (error) {
        if (!StoreUnavailableError.isInstance(error)) throw error;
        // The same ids: where only the answer was lost, the repeat is recognised.
        await thread.append(entries, io);
      }
      return Object.freeze(messages.map(thread.clean));
    },
    async history({ limit = historyLimit, ...io } = {}) {
      wantCount(limit, 'options.limit');
      return readHistory(thread, limit, io);
    },
    async record(io: IoOptions = {}) {
      const tally = await keeper.read(io);
      const { createdAt = null, lastActivityAt = null, messageCount = 0 } = tally ?? {};
      return Object.freeze({ id, createdAt, lastActivityAt, messageCount });
    },
    delete: (io: IoOptions = {}) => deleteConversation(store, key, id, io),
  } satisfies Conversation<AttributesValue, PreferencesValue, AttributesInput, PreferencesInput>);
}

/** A memory whose schema and the like are named in errors as they were given. */
function openPart<Input, Value>(
  name: string,
  options: MemoryOptions<Input, Value>,
): TypedMemory<Value, Input> {
  try {
    return openMemory(options);
  } catch (error) {
    const own =
      InvalidInputError.isInstance(error) &&
      /^options\.(schema|initial|migrations|maxBytes)/.test(error.path);
    throw own ? new InvalidInputError(error.path.replace('options', `options.${name}`), error.reason) : error;
  }
}

/** Any JSON object. */
const anything: { readonly schema: StandardSchema<Attributes>; readonly initial: Attributes } = {
  schema: {
    '~standard': {
      version: 1,
      vendor: 'loci',
      validate: (value) =>
        typeof value === 'object' && value !== null && !Array.isArray(value)
          ? { value: value as Attributes }
          : { issues: [{ message: 'must be an object' }] },
    },
  },
  initial: {},
};
