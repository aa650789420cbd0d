import type { Artifact } from './artifact.js';
import { isWhole } from './is-whole.js';

/** Of a decision's words, how many must stand together in a line. */
const enoughWords = 0.7;

const negations = new Set(
  "not never no don't mustn't can't cannot won't shouldn't without avoid forbidden prohibited niemals nie nicht kein keine keinen".split(
    ' ',
  ),
);
const fillers = new Set(
  "a an the is are was were be been to of in on at for and or but that this these it its we i you they he she with as by from will would so then let's let us have has had do does i'll we'll there please der die das ein eine den dem und oder ist sind wir ich uns zu von mit für haben hat auf im in".split(
    ' ',
  ),
);

/**
 * Whether a text holds an artifact: a value as it is, as a whole word (`SECRET-1` is not in `SECRET-17`); of a decision at
 * least 70 % of the words that matter in one line, and a "not" where it has one.
 */
export function isRetained(artifact: Artifact, text: string): boolean {
  return retainedIn(text)(artifact);
}

/** The same for many artifacts: the text is read once, and each question costs about as much as the artifact is long. */
export function retainedIn(text: string): (artifact: Artifact) => boolean {
  let places: Map<string, number[]> | undefined;
  let lines: ReturnType<typeof indexLines> | undefined;
  return ({ kind, value }) => {
    if (kind === 'decision') {
      lines ??= indexLines(text);
      return holdsDecision(lines, value);
    }
    places ??= indexWords(text);
    return candidates(places, value).some(
      (start) => text.startsWith(value, start) && isWhole(kind, text, start, start + value.length),
    );
  };
}

/** Where each word begins. */
function indexWords(text: string): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}]+/gu)) add(places, word, index);
  return places;
}

/** Where a value could begin: by the rarest of its words. */
function candidates(places: ReadonlyMap<string, readonly number[]>, value: string): readonly number[] {
  const starts = Array.from(value.matchAll(/[\p{L}\p{N}]+/gu), ({ 0: word, index }) => ({
    at: places.get(word) ?? [],
    index,
  })).sort((a, b) => a.at.length - b.at.length);
  const [rarest] = starts;
  return rarest ? rarest.at.map((at) => at - rarest.index).filter((start) => start >= 0) : [];
}

/** The numbers of the lines that hold each word, and of those that deny something. */
function indexLines(text: string): { byWord: Map<string, number[]>; denying: Set<number> } {
  const byWord = new Map<string, number[]>();
  const denying = new Set<number>();
  text.split(/[\n\r\u2028\u2029]+/).forEach((line, number) => {
    for (const word of new Set(words(line))) {
      add(byWord, word, number);
      if (negations.has(word)) denying.add(number);
    }
  });
  return { byWord, denying };
}

function holdsDecision({ byWord, denying }: ReturnType<typeof indexLines>, decision: string): boolean {
  const own = new Set(words(decision));
  const isDenial = [...own].some((word) => negations.has(word));
  const telling = [...own].filter((word) => !fillers.has(word));
  const hits = new Map<number, number>();
  for (const word of telling)
    for (const line of byWord.get(word) ?? []) hits.set(line, (hits.get(line) ?? 0) + 1);
  return [...hits].some(
    ([line, count]) => count >= telling.length * enoughWords && (!isDenial || denying.has(line)),
  );
}

function words(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}\p{N}]+(?:'\p{L}+)*/gu) ?? []
  );
}

function add(index: Map<string, number[]>, word: string, place: number): void {
  const known = index.get(word);
  if (known) known.push(place);
  else index.set(word, [place]);
}
