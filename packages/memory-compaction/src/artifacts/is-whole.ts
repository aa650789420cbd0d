import type { ArtifactKind } from './artifact.js';

/** Stands for what is no text, such as base64; it counts as a part of a word, so that nothing begins or ends beside it. */
export const mask = '\uFFFC';

const word = /[\p{L}\p{N}_\uFFFC]/u;
const digit = /\d/;
/** Marks that join two words into one value. `ECONNREFUSED-Fehler` is still that error, `SECRET-1-A` another secret. */
const joints = { decision: '', error: '', path: '-./', url: '-./', id: '-.', number: '.' };

/** Whether what stands from `start` to `end` is a value on its own, and not a piece of a longer one. */
export function isWhole(kind: ArtifactKind, text: string, start: number, end: number): boolean {
  if (isWordBefore(text, start) || isWordAt(text, end)) return false;
  if (isJoint(kind, text[start - 1]) && isWordBefore(text, start - 1)) return false;
  if (isJoint(kind, text[end]) && isWordAt(text, end + 1)) return false;
  return !(goesOn(text, start - 1) || goesOn(text, end));
}

function isJoint(kind: ArtifactKind, mark: string | undefined): boolean {
  return mark !== undefined && joints[kind].includes(mark);
}

function isWordAt(text: string, at: number): boolean {
  const code = text.codePointAt(at);
  return code !== undefined && word.test(String.fromCodePoint(code));
}

function isWordBefore(text: string, at: number): boolean {
  const isPair = /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(Math.max(at - 2, 0), at));
  return isWordAt(text, isPair ? at - 2 : at - 1);
}

/** Whether the mark at `at` stands inside a number: `1.5`, `10:30`, `1,000`. */
function goesOn(text: string, at: number): boolean {
  if (!digit.test(text[at - 1] ?? '')) return false;
  const mark = text[at];
  return mark === ',' ? /^\d{3}/.test(text.slice(at + 1, at + 4)) : /^[.:]\d/.test(text.slice(at, at + 2));
}
