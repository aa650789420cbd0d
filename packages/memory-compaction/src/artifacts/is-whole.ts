import type { ArtifactKind } from './artifact.js';

/** Stands for what is no text, such as base64; it counts as a part of a word, so that nothing begins or ends beside it. */
export const mask = '\uFFFC';

const word = /[\p{L}\p{N}_\uFFFC]/u;
const digit = /\d/;
/** Marks that join two words into one value. `ECONNREFUSED-Fehler` is still that error, `SECRET-1-A` another secret. */
const joints = { decision: '', error: '', path: '-./', url: '-./', id: '-.', number: '.' };

/** Whether what stands from `start` to `end` is a value on its own, and not a piece of a longer one. */
export function isWhole(kind: ArtifactKind, text: string, start: number, end: number): boolean {
  const [before, after] = [text[start - 1] ?? '', text[end] ?? ''];
  if (word.test(before) || word.test(after)) return false;
  if (isJoint(kind, before) && word.test(text[start - 2] ?? '')) return false;
  if (isJoint(kind, after) && word.test(text[end + 1] ?? '')) return false;
  return !(goesOn(text, start - 1) || goesOn(text, end));
}

function isJoint(kind: ArtifactKind, mark: string): boolean {
  return mark !== '' && joints[kind].includes(mark);
}

/** Whether the mark at `at` stands inside a number: `1.5`, `10:30`, `1,000`. */
function goesOn(text: string, at: number): boolean {
  if (!digit.test(text[at - 1] ?? '')) return false;
  const mark = text[at];
  return mark === ',' ? /^\d{3}/.test(text.slice(at + 1, at + 4)) : /^[.:]\d/.test(text.slice(at, at + 2));
}
