import type { Artifact, ArtifactKind } from './artifact.js';
import { artifactKey } from './extract-artifacts.js';
import { retainedIn } from './is-retained.js';
import { oneLine } from './sentences.js';

/** The names of the lines, in their order. */
const names = {
  decision: 'decisions',
  error: 'errors',
  path: 'paths',
  url: 'urls',
  id: 'ids',
  number: 'numbers',
} as const satisfies Record<ArtifactKind, string>;
const kinds = Object.keys(names) as ArtifactKind[];

/**
 * What a summary's prose does not hold, from the table before it and from what this pass found, as much as fits:
 * the newest of each kind in turn, numbers after all others. The table is in the order of the last mention, as the next
 * pass wants it, and never above `maxTokens` as rendered. `found` counts what this pass found, `kept` how much of it is
 * in prose or table.
 */
export function fitArtifacts(
  previous: readonly Artifact[],
  found: readonly Artifact[],
  prose: string,
  options: { readonly maxTokens: number; readonly countText: (text: string) => number },
): { readonly table: readonly Artifact[]; readonly found: number; readonly kept: number } {
  const isInProse = retainedIn(prose);
  const own = new Map(found.map((artifact) => [artifactKey(artifact), artifact]));
  const before = previous.filter((artifact) => !own.has(artifactKey(artifact)));
  const unique = [...new Map([...before, ...own.values()].map((one) => [artifactKey(one), one])).values()];
  const missing = unique.filter((artifact) => !isInProse(artifact));
  const table = fit(missing, options);
  const lost = new Set(missing);
  for (const artifact of table) lost.delete(artifact);
  const kept = [...own.values()].filter((artifact) => !lost.has(artifact)).length;
  return { table, found: own.size, kept };
}

/** The table as text, one line per kind and one per decision; nothing for an empty table. */
export function renderArtifacts(table: readonly Artifact[]): string {
  return kinds
    .flatMap((kind) => {
      const values = table.filter((artifact) => artifact.kind === kind).map(({ value }) => value);
      if (values.length === 0) return [];
      return kind === 'decision'
        ? [`${names[kind]}:`, ...values.map((value) => `- ${oneLine(value)}`)]
        : [`${names[kind]}: ${values.map(showValue).join(', ')}`];
    })
    .join('\n');
}

function showValue(value: string): string {
  return /[,"\s]/.test(value.replaceAll(' ', '')) || value.trim() !== value ? JSON.stringify(value) : value;
}

function fit(
  missing: readonly Artifact[],
  { maxTokens, countText }: { readonly maxTokens: number; readonly countText: (text: string) => number },
): readonly Artifact[] {
  const taken: Artifact[] = [];
  const told = new Set<ArtifactKind>();
  let tokens = 0;
  for (const artifact of inTurns(missing)) {
    const { kind } = artifact;
    const cost =
      countText(kind === 'decision' ? `- ${oneLine(artifact.value)}\n` : `${showValue(artifact.value)}, `) +
      (told.has(kind) ? 0 : countText(`${names[kind]}: \n`));
    if (tokens + cost > maxTokens) continue;
    tokens += cost;
    told.add(kind);
    taken.push(artifact);
  }
  const inOrder = () => {
    const chosen = new Set(taken);
    return missing.filter((artifact) => chosen.has(artifact));
  };
  // A counter may find more tokens in the whole than in its pieces.
  while (taken.length > 0 && countText(renderArtifacts(inOrder())) > maxTokens) taken.pop();
  return inOrder();
}

/** The newest of each kind, then the second newest of each, and so on; numbers last. */
function inTurns(artifacts: readonly Artifact[]): Artifact[] {
  const seen = new Map<ArtifactKind, number>();
  const ranked = artifacts.toReversed().map((artifact) => {
    const turn = seen.get(artifact.kind) ?? 0;
    seen.set(artifact.kind, turn + 1);
    return { artifact, turn: artifact.kind === 'number' ? artifacts.length + turn : turn };
  });
  return ranked
    .sort((a, b) => a.turn - b.turn || kinds.indexOf(a.artifact.kind) - kinds.indexOf(b.artifact.kind))
    .map(({ artifact }) => artifact);
}
