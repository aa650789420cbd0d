import type { Fact, Speaker } from './trace.js';

const what = ['access code', 'serial number', 'locker', 'order', 'ticket', 'shelf mark', 'gate', 'permit'];
const kinds =
  `amber velvet silver copper crimson hollow northern silent golden marble winter distant narrow broken
early paper`.split(/\s+/);
const things =
  `orchard lantern harbour compass mirror vineyard bridge saddle quarry beacon cellar turbine archive
ferry chapel mill`.split(/\s+/);
const letters = 'BCDFGHJKLMNPQRSTVWXZ';

const openings: Readonly<Record<Speaker, string>> = {
  user: 'Please remember that',
  tool: 'Note on record:',
  assistant: 'We decided that',
};

/** So many facts of each speaker, each about something else, with a value of its own such as `KT-4821`. */
export function makeFacts(count: number, random: () => number): Readonly<Record<Speaker, readonly Fact[]>> {
  const subjects = shuffled(
    kinds.flatMap((kind) => things.map((thing) => `${kind} ${thing}`)),
    random,
  );
  const values = new Set<string>();
  const letter = () => letters[Math.floor(random() * letters.length)];
  while (values.size < count * 3) values.add(`${letter()}${letter()}-${1000 + Math.floor(random() * 9000)}`);
  const rest = [...values];
  const make = (by: Speaker) =>
    Array.from({ length: count }, (): Fact => {
      const subject = `${what[Math.floor(random() * what.length)]} of the ${subjects.pop()}`;
      const value = rest.pop() as string;
      return { sentence: `${openings[by]} the ${subject} is ${value}.`, subject, value, by };
    });
  return { user: make('user'), tool: make('tool'), assistant: make('assistant') };
}

/** Whether a text tells the fact: as it was said, or as a list has it. */
export function tells(text: string, { subject, value }: Fact): boolean {
  return text.includes(`${subject} is ${value}`) || text.includes(`${subject}: ${value}`);
}

/** What to weave into turn after turn so that all of `items` are spread evenly over `turns`. */
export function spread<T>(items: readonly T[], turn: number, turns: number): readonly T[] {
  const at = (share: number) => Math.floor((share * items.length) / turns);
  return items.slice(at(turn), at(turn + 1));
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => [random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}
