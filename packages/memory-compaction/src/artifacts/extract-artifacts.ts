import type { Message } from '@loci/core';
import type { Artifact, ArtifactKind } from './artifact.js';
import { findDecisions } from './find-decisions.js';
import { findValues } from './find-values.js';
import { messageTexts } from './message-texts.js';

/** Of one kind; those win that most messages mention, and of these the newest. */
const maxPerKind = 400;
/** Of one kind from one message, so that one giant tool result leaves room for the others. */
const maxPerKindAndMessage = 100;

/** How often an artifact was mentioned, and when last. */
interface Mentions {
  readonly artifact: Artifact;
  readonly count: number;
}

/**
 * The exact values that a summary of these messages must not lose: paths, URLs, errors, ids, numbers with a meaning, and
 * what was decided. Each kind and value once, in the order of the last mention, newest last. At most 400 of a kind, and
 * 100 of a kind from one message. Linear in the size of the messages.
 */
export function extractArtifacts(messages: Iterable<Pick<Message, 'role' | 'content'>>): Artifact[] {
  const all = new Map<string, Mentions>();
  for (const message of messages) {
    const own = new Map<string, Mentions>();
    for (const { text, isSaid } of messageTexts(message)) {
      for (const { kind, value } of findValues(text)) mention(own, { kind, value });
      if (isSaid) for (const value of findDecisions(text)) mention(own, { kind: 'decision', value });
    }
    for (const artifact of most(own, maxPerKindAndMessage)) mention(all, artifact);
  }
  return most(all, maxPerKind);
}

function mention(known: Map<string, Mentions>, artifact: Artifact): void {
  const key = artifactKey(artifact);
  const count = (known.get(key)?.count ?? 0) + 1;
  known.delete(key);
  known.set(key, { artifact, count });
}

/** The same for two artifacts that are the same. */
export function artifactKey({ kind, value }: Artifact): string {
  return `${kind} ${value}`;
}

function most(known: ReadonlyMap<string, Mentions>, limit: number): Artifact[] {
  const newestFirst = [...known.values()].reverse();
  const left = new Map<ArtifactKind, number>();
  const kept = new Set<Mentions>();
  for (const mentions of newestFirst.toSorted((a, b) => b.count - a.count)) {
    const { kind } = mentions.artifact;
    const room = left.get(kind) ?? limit;
    left.set(kind, room - 1);
    if (room > 0) kept.add(mentions);
  }
  return [...known.values()].filter((mentions) => kept.has(mentions)).map(({ artifact }) => artifact);
}
