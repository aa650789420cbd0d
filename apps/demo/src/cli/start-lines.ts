import type { View } from '@loci/core';
import { toPrintable, wrap } from './output.js';
import type { Settings } from './settings.js';

/** What a user should know before the first message: who answers, and where it is kept. */
export function startLines({ file, thread }: Settings, about: readonly string[], view: View): string[] {
  const [model, ...more] = about;
  const count = view.kept.length + view.messages.length;
  const known = count === 0 ? 'nothing said yet' : `goes on after ${count} messages`;
  return [
    'Loci demo: a chat that remembers',
    '',
    `model   ${model}`,
    `memory  ${file}`,
    `thread  “${toPrintable(thread)}”, ${known}`,
    ...more.flatMap(wrap),
    '',
  ];
}
