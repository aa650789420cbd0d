import { existsSync, readFileSync } from 'node:fs';
import type { Message, Thread } from '@loci/core';

/** What somebody says of a house, long enough that a summary of it is shorter. */
export function aboutTheHouse(word: string): readonly string[] {
  return [
    'The house has two boilers. One of them heats the water and the other one heats the rooms, and both are from the year when the roof was made new.',
    `The word at the gate is ${word}. Whoever comes to read the meters asks for it, and nobody else should be told, also not when they say that they know it already.`,
    'The key of the cellar hangs behind the clock. It turns the wrong way round, and where it does not turn at all, a drop of oil and a minute of patience help.',
    'The meters are read in March. The man who reads them writes the figures on a card, and the card has to lie in the window on the day before he comes.',
    'The garden is watered on Tuesdays. In a hot summer it is watered on Fridays as well, always in the evening and never from above, because of the leaves.',
  ];
}

/** What a model sees, and everything that is stored. */
export async function textsOf(thread: Thread): Promise<{ readonly seen: string; readonly rows: string }> {
  const { summary, kept, messages } = await thread.view();
  const rows: unknown[] = [];
  for await (const entry of thread.entries()) rows.push(entry);
  return { seen: JSON.stringify([summary, kept, messages]), rows: JSON.stringify(rows) };
}

export function same(some: readonly Message[], others: readonly Message[]): boolean {
  return JSON.stringify(some) === JSON.stringify(others);
}

/** Whether a word is in a database or its journal. */
export function holds(file: string, word: string): boolean {
  return [file, `${file}-wal`].some((path) => existsSync(path) && readFileSync(path).includes(word));
}
