import { InvalidInputError, type Memory, randomId, type Thread } from '@loci/core';
import { estimateCounter } from '@loci/core/turn';
import { createSpaceReader } from './read-space.js';
import { cut, fitsFilter, type SpaceEntry, type SpaceFilter, toSaid, toSpaceInput } from './space-entry.js';

export interface AgentSpaceOptions {
  /** Where agents share: a thread of its own. Nothing of another thread is ever read. */
  readonly space: Thread;
  /** Who this agent is; its own entries are not brought to it again. */
  readonly agentId: string;
  /** Of what this agent shares. @default none */
  readonly tags?: readonly string[];
  /** Whether what is said in finished turns is put into the space. @default false */
  readonly share?: boolean;
  /** Whether what others have put into the space is brought into this agent's prompts. @default false */
  readonly includeCrossAgent?: boolean;
  /** Which entries of others. @default all */
  readonly filter?: SpaceFilter;
  /** Entries per turn, after the filter. @default 10 */
  readonly limit?: number;
  /** Of one entry, in tokens; longer ones are cut. @default 500 */
  readonly maxTokensPerEntry?: number;
  /** Tokens of a text. @default an estimate */
  readonly countText?: (text: string) => number;
  /** Of the memory, where one agent has more than one space. @default 'space' */
  readonly name?: string;
  readonly randomId?: () => string;
}

/** A memory that several agents share. */
export interface AgentSpace extends Memory {
  /** The newest entries that fit, newest first, this agent's own included; those of others only with `includeCrossAgent`. */
  entries(options?: {
    readonly filter?: SpaceFilter;
    /** @default 10 */
    readonly limit?: number;
    readonly signal?: AbortSignal;
  }): Promise<readonly SpaceEntry[]>;
  /** Puts a text into the space by hand, whatever `share` says. Resolves the id of the entry. */
  publish(text: string, options?: { readonly tags?: readonly string[] }): Promise<string>;
}

/**
 * Agents with threads of their own share what they say through a space. Nothing is shared unless one agent has `share`
 * and the other `includeCrossAgent`. What comes from others is quoted to the model as data.
 *
 * @example
 * const space = openThread({ store, key: ['space', 'report'] });
 * const researcher = agentSpace({ space, agentId: 'researcher', tags: ['facts'], share: true });
 * const writer = agentSpace({ space, agentId: 'writer', includeCrossAgent: true, filter: { tags: ['facts'] } });
 */
export function agentSpace(options: AgentSpaceOptions): AgentSpace {
  const { space, agentId, tags = [], share = false, includeCrossAgent = false, filter = {} } = options;
  const { limit = 10, maxTokensPerEntry = 500, name = 'space', randomId: newId = randomId } = options;
  const countText = options.countText ?? estimateCounter.countText;
  if (agentId === '' || !agentId.isWellFormed()) throw new InvalidInputError('agentId', 'must be a text');
  checkCount('limit', limit);
  checkCount('maxTokensPerEntry', maxTokensPerEntry);
  const isForeign = (entry: SpaceEntry) => entry.agentId !== agentId && fitsFilter(entry, filter);
  const read = createSpaceReader(space, limit, isForeign);
  // No agent can take the id of another one's entry.
  const prefix = encodeURIComponent(agentId);

  return Object.freeze({
    name,
    writes: ['recalled'] as const,
    async prepare(_input, _view, { signal }) {
      signal?.throwIfAborted();
      if (!includeCrossAgent) return {};
      const found = await read(signal ? { signal } : {});
      return {
        recalled: found.map(({ id, text }, age) => ({ id, text, score: 1 - age / limit, source: id })),
      };
    },
    async observe(turn) {
      const said = share ? toSaid(turn.messages, maxTokensPerEntry, countText) : undefined;
      if (said) await space.append([toSpaceInput(`${prefix}/${turn.id}`, agentId, tags, said)]);
    },
    async entries({ filter: asked = {}, limit: most = 10, signal } = {}) {
      checkCount('limit', most);
      const isMine = (entry: SpaceEntry) => includeCrossAgent || entry.agentId === agentId;
      return createSpaceReader(
        space,
        most,
        (entry) => isMine(entry) && fitsFilter(entry, asked),
      )(signal ? { signal } : {});
    },
    async publish(text, { tags: itsTags = tags } = {}) {
      if (text.trim() === '') throw new InvalidInputError('text', 'is empty');
      const id = `${prefix}/${newId()}`;
      const said = { asked: '', answered: cut(text, maxTokensPerEntry, countText) };
      await space.append([toSpaceInput(id, agentId, itsTags, said)]);
      return id;
    },
  } satisfies AgentSpace);
}

function checkCount(path: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidInputError(path, 'must be a whole number from 1');
}
