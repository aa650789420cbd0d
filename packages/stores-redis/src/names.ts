import { encodeKey, type Key } from '@loci/core';

export type Target = 'document' | 'log';

/** The names of Redis keys and channels of one store. */
export interface Names {
  /** The channel on which scripts say what changed. */
  readonly channel: string;
  /** Of what expires: a sorted set by moment. */
  readonly expiries: string;
  /** Of every document or log: a sorted set in the order of the listing. */
  index(target: Target): string;
  record(target: Target, encodedKey: string): string;
  /** How a record is called on the channel and in the set of expiries. */
  member(target: Target, key: Key): string;
}

const letters = { document: 'd', log: 'l' } as const;

/**
 * The prefix in braces puts everything of a store into one hash slot of a cluster, so that a script may touch a record
 * and its index. An encoded key has no brace and no colon.
 */
export function toNames(prefix: string, database: number): Names {
  const tag = `{${prefix}}`;
  return Object.freeze<Names>({
    // Channels are not apart by database, as keys are.
    channel: `${tag}:changes:${database}`,
    expiries: `${tag}:expiries`,
    index: (target) => `${tag}:${letters[target]}`,
    record: (target, encodedKey) => `${tag}:${letters[target]}:${encodedKey}`,
    member: (target, key) => `${letters[target]}${encodeKey(key)}`,
  });
}

/** The inverse of `member`: the target and the encoded key, or `undefined` for what is no member. */
export function fromMember(member: string): readonly [Target, string] | undefined {
  const encoded = member.slice(1);
  if (member.startsWith('d')) return ['document', encoded];
  return member.startsWith('l') ? ['log', encoded] : undefined;
}
