import { extractArtifacts } from '../artifacts/extract-artifacts.js';
import { retainedIn } from '../artifacts/is-retained.js';
import type { SummaryContext, SummaryFault } from './check-summary.js';
import { readHeading } from './headings.js';
import { countShared, shingles, wordsOf } from './shingles.js';
import { isTaskLike } from './task-like.js';

/** Words in a row that two texts share by more than chance. */
const echoLength = 8;
const leakLength = 12;
/** Words that may be taken over from a longer text. */
const shortQuotation = 60;
/** Share of the identifiers that may be missing in the input. */
const toleratedInventions = 0.2;
const nothing = /^(?:[-*•+\s]|\(?(?:none|nothing|n\/a|tbd|not applicable|keine?)\b\.?\)?)*$/i;

/** The first fault of a tidy summary; undefined for a good one. */
export function findFault(prose: string, context: SummaryContext): SummaryFault | undefined {
  const lines = prose.split('\n');
  const read = lines.map((line) => ({ line, heading: readHeading(line) }));
  if (read.every(({ line, heading }) => nothing.test(heading ? heading.rest : line))) return 'empty';
  if (context.countText(prose) > context.maxTokens) return 'too-long';
  if (!read.some(({ heading }) => heading)) return isTaskLike(lines) ? 'task-like' : 'unstructured';
  if (isEcho(prose, context)) return 'echo';
  if (isLeak(prose, context.instructions)) return 'leak';
  if (isTaskLike(lines)) return 'task-like';
  return isInvented(prose, context.input) ? 'invented' : undefined;
}

/** Most of it stands in the input as it is, and it is no short quotation. */
function isEcho(prose: string, { input, previous = '' }: SummaryContext): boolean {
  if (prose === input.trim() && prose !== previous.trim()) return true;
  const words = wordsOf(prose);
  const own = shingles(words, echoLength);
  const repeated = shingles(wordsOf(previous), echoLength);
  const fresh = new Set([...own].filter((shingle) => !repeated.has(shingle)));
  if (fresh.size === 0) return false;
  const read = wordsOf(input);
  const isLong = fresh.size + echoLength > shortQuotation || words.length > read.length / 3;
  return isLong && countShared(fresh, read, echoLength) > own.size / 2;
}

function isLeak(prose: string, instructions: readonly string[]): boolean {
  const own = shingles(wordsOf(prose), leakLength);
  return instructions.some((text) => countShared(own, wordsOf(text), leakLength) > 0);
}

function isInvented(prose: string, input: string): boolean {
  const told = extractArtifacts([{ role: 'tool', content: [{ type: 'text', text: prose }] }]).filter(
    ({ kind }) => kind !== 'number' && kind !== 'decision',
  );
  // Tools' inputs and outputs stand in the input as JSON.
  const plain = input.replace(/\\[nrt]/g, ' ').replace(/\\(["\\/])/g, '$1');
  const isIn = [input, plain].map((text) => ({ text, holds: retainedIn(text) }));
  const missing = told.filter((artifact) => {
    const isPlace = artifact.kind === 'path' || artifact.kind === 'url';
    const place = artifact.value.replace(/[:#]L?\d[\d:L-]*$/, '').replace(/\/$/, '');
    return !isIn.some(({ text, holds }) => holds(artifact) || (isPlace && text.includes(place)));
  });
  return missing.length >= 2 && missing.length > told.length * toleratedInventions;
}
