import { englishText } from '../texts/english.js';
import { createRandom } from '../texts/random.js';
import { makeFacts, spread } from './facts.js';
import type { Trace, TraceCall, TraceTurn } from './trace.js';

const turnsOfTrace = 24;
const factsPerSpeaker = 40;
const [second, minute] = [1000, 60_000];
const names = ['parse', 'render', 'store', 'merge', 'index', 'route', 'limit', 'watch', 'queue', 'patch'];

const path = (text: string) => ({
  type: 'object',
  properties: { [text]: { type: 'string' } },
  required: [text],
});

/**
 * A coding agent: each request sets off four to eight steps that read files and run tests, with results of 600 to 6,000
 * characters, then edits, then a report. Steps take 3 to 40 seconds; the user comes back after 1 to 4 minutes, and every
 * sixth time after 10 to 90.
 */
export function codingTrace(seed: number): Trace {
  const random = createRandom(seed);
  const between = (least: number, most: number) => Math.floor(least + random() * (most - least));
  const facts = makeFacts(factsPerSpeaker, random);
  const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)] as T;
  const fileName = () => `src/${pick(names)}/${pick(names)}-${between(1, 60)}.ts`;
  const prose = (least: number, most: number) => englishText(between(least, most), between(1, 2 ** 31));
  const codeLine = () =>
    pick([
      () => `  const ${pick(names)}${between(1, 99)} = ${pick(names)}(${pick(names)}, ${between(0, 500)});`,
      () => `  if (${pick(names)}.length > ${between(1, 64)}) return ${pick(names)}(${between(0, 9)});`,
      () => `  for (const item of ${pick(names)}s) ${pick(names)}.push(item.${pick(names)});`,
      () => `export function ${pick(names)}${between(1, 99)}(${pick(names)}: string): number {`,
      () => '}',
    ])();
  const testLine = () =>
    ` ${pick(['✓', '✓', '✓', '×'])} ${pick(names)} > ${prose(20, 60).replaceAll('\n', ' ')} ${between(1, 900)} ms`;
  const lines = (characters: number, line: () => string) => {
    const made: string[] = [];
    for (let size = 0; size < characters; size += (made.at(-1)?.length ?? 0) + 1) made.push(line());
    return made;
  };
  /** With the notes somewhere in the middle. */
  const within = (text: readonly string[], notes: readonly string[], mark: string) =>
    text.toSpliced(between(1, text.length), 0, ...notes.map((note) => `${mark} ${note}`)).join('\n');

  const readOrTest = (notes: readonly string[]): TraceCall =>
    random() < 0.7
      ? {
          toolName: 'read_file',
          input: { path: fileName() },
          output: within(lines(between(600, 6000), codeLine), notes, '//'),
        }
      : {
          toolName: 'run_tests',
          input: { filter: pick(names) },
          output: within(lines(between(600, 4000), testLine), notes, ' #'),
        };
  const edit = (): TraceCall => ({
    toolName: 'edit_file',
    input: { path: fileName(), replace: codeLine(), by: lines(200, codeLine).join('\n') },
    output: 'Edited.',
  });

  const turnAt = (turn: number): TraceTurn => {
    const own = (by: keyof typeof facts) =>
      spread(facts[by], turn, turnsOfTrace).map(({ sentence }) => sentence);
    const [notes, decisions] = [own('tool'), own('assistant')];
    const looks = between(4, 9);
    const steps = Array.from({ length: looks + 2 }, (_, step) => ({
      text: step % 3 === 0 ? prose(40, 200) : '',
      calls: step < looks ? [readOrTest(spread(notes, step, looks))] : [edit()],
      takesMs: between(3, 40) * second,
    }));
    const report = `${prose(300, 1200)}. ${decisions.join(' ')}`;
    return {
      pauseMs: turn % 6 === 5 ? between(10, 90) * minute : between(60, 240) * second,
      user: `${prose(100, 500)}. ${own('user').join(' ')}`,
      steps: [...steps, { text: report, calls: [], takesMs: between(5, 20) * second }],
    };
  };

  return {
    name: 'coding',
    instructions: `You are a careful engineer. Read before you change, and run the tests. ${englishText(5000, 12)}`,
    tools: [
      { name: 'read_file', description: 'Reads a file.', inputSchema: path('path') },
      { name: 'run_tests', description: 'Runs the tests whose names fit.', inputSchema: path('filter') },
      { name: 'edit_file', description: 'Replaces a piece of a file.', inputSchema: path('path') },
    ],
    turns: Array.from({ length: turnsOfTrace }, (_, turn) => turnAt(turn)),
    facts: [...facts.user, ...facts.tool, ...facts.assistant],
  };
}
