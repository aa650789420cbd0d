import type { Message } from '@loci/core';
import { extractArtifacts } from '../artifacts/extract-artifacts.js';
import { cutText, oneLine, ownLines } from '../artifacts/sentences.js';
import { type Heading, headings } from '../summarise/headings.js';
import { countTools } from './count-tools.js';

/** One line of a digest. */
export interface DigestLine {
  readonly heading: Heading;
  readonly text: string;
  /** Its place within its section: what is older comes first. */
  readonly order: number;
}

type Said = Pick<Message, 'role' | 'content'>;
type Sections = ReadonlyMap<Heading, readonly string[]>;

/** Characters of the goal, of a request and of a conclusion. */
const longestSaying = 300;
/** As many requests and conclusions of a range are told. */
const newest = 3;
const mostDecisions = 20;

/**
 * What a digest can say, the most important first: the goal, the newest request, decision and conclusion, the tools, then what is new and what was said before
 * in turn, newest first.
 */
export function collectLines(messages: readonly Said[], previous: Sections): readonly DigestLine[] {
  const requests = sayings(messages, 'user');
  const conclusions = sayings(messages, 'assistant');
  const decisions = extractArtifacts(messages).flatMap(({ kind, value }) =>
    kind === 'decision' ? [value] : [],
  );
  const { line: tools, isCount } = countTools(messages, previous.get('## Progress') ?? []);
  const [goal, ...olderGoals] = previous.get('## Goal') ?? requests.slice(0, 1).map(leading);
  const fresh = interleave(
    latest(
      '## Open',
      requests.map(leading).filter((text) => text !== goal),
      newest,
    ),
    latest('## Decisions', decisions, mostDecisions),
    latest('## Progress', conclusions.map(closing), newest),
  );
  const kept = interleave(
    ...headings.map((heading) =>
      latest(
        heading,
        (heading === '## Goal' ? olderGoals : (previous.get(heading) ?? [])).filter((text) => !isCount(text)),
        Number.POSITIVE_INFINITY,
      ).map((line) => ({ ...line, order: line.order - 1e9 })),
    ),
  );
  const lines = [
    ...(goal === undefined ? [] : [{ heading: '## Goal' as const, text: goal, order: -2e9 }]),
    ...fresh.slice(0, 3),
    ...(tools === undefined ? [] : [{ heading: '## Progress' as const, text: tools, order: 1e9 }]),
    ...interleave(fresh.slice(3), kept),
  ];
  const last = {
    heading: '## Progress' as const,
    text: `Messages without text: ${messages.length}`,
    order: 0,
  };
  return lines.length > 0 || messages.length === 0 ? unique(lines) : [last];
}

/** What a role says in its own words, without what is quoted and fenced; empty sayings are left out. */
function sayings(messages: readonly Said[], role: Message['role']): string[][] {
  return messages
    .filter((message) => message.role === role)
    .map(({ content }) =>
      content
        .flatMap((part) => (part.type === 'text' && part.trust !== 'quoted' ? ownLines(part.text) : []))
        .map((line) => oneLine(line.slice(0, 4 * longestSaying)))
        .filter((line) => line !== ''),
    )
    .filter((lines) => lines.length > 0);
}

/** The first sentences. */
function leading(lines: readonly string[]): string {
  return cutText(lines.slice(0, longestSaying).join(' '), longestSaying);
}

/** The last paragraph. */
function closing(lines: readonly string[]): string {
  return cutText(lines.at(-1) ?? '', longestSaying);
}

/** The last so many, newest first. */
function latest(heading: Heading, texts: readonly string[], count: number): DigestLine[] {
  return texts
    .map((text, order) => ({ heading, text, order }))
    .slice(-count)
    .reverse();
}

/** The first of each list, then the second of each. */
function interleave(...lists: readonly (readonly DigestLine[])[]): DigestLine[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, index) =>
    lists.flatMap((list) => list.slice(index, index + 1)),
  ).flat();
}

function unique(lines: readonly DigestLine[]): DigestLine[] {
  const seen = new Set<string>();
  return lines.filter(({ heading, text }) => {
    const key = `${heading}\n${text}`;
    return !seen.has(key) && seen.add(key);
  });
}
