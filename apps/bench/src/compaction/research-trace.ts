import { englishText } from '../texts/english.js';
import { createRandom } from '../texts/random.js';
import { makeFacts, spread } from './facts.js';
import type { Trace, TraceTurn } from './trace.js';

const turnsOfTrace = 40;
const factsPerSpeaker = 40;
const [second, minute] = [1000, 60_000];

/**
 * Long research: each question sets off one search and one to three pages of 3,000 to 8,000 characters, then an answer of
 * 1,500 to 4,500. The user reads for 1 to 9 minutes, so that about every second time the cache has expired.
 */
export function researchTrace(seed: number): Trace {
  const random = createRandom(seed);
  const between = (least: number, most: number) => Math.floor(least + random() * (most - least));
  const facts = makeFacts(factsPerSpeaker, random);
  const prose = (least: number, most: number) => englishText(between(least, most), between(1, 2 ** 31));
  /** A page with the notes somewhere in it. */
  const page = (notes: readonly string[]) =>
    `${prose(1500, 4000)}\n${notes.join('\n')}\n${prose(1500, 4000)}`;

  const turnAt = (turn: number): TraceTurn => {
    const own = (by: keyof typeof facts) =>
      spread(facts[by], turn, turnsOfTrace).map(({ sentence }) => sentence);
    const notes = own('tool');
    const pages = between(1, 4);
    const addresses = Array.from({ length: pages }, () => `https://pages.example/${between(1000, 9999)}`);
    const search = {
      text: prose(40, 150),
      calls: [{ toolName: 'search', input: { query: prose(20, 60) }, output: addresses.join('\n') }],
      takesMs: between(2, 6) * second,
    };
    const reads = addresses.map((url, index) => ({
      text: '',
      calls: [{ toolName: 'read_page', input: { url }, output: page(spread(notes, index, pages)) }],
      takesMs: between(3, 15) * second,
    }));
    const answer = {
      text: `${prose(1500, 4500)}. ${own('assistant').join(' ')}`,
      calls: [],
      takesMs: between(20, 50) * second,
    };
    return {
      pauseMs: between(1 * minute, 9 * minute),
      user: `${prose(80, 400)}. ${own('user').join(' ')}`,
      steps: [search, ...reads, answer],
    };
  };

  return {
    name: 'research',
    instructions: `You are a thorough researcher who names sources. ${englishText(3500, 13)}`,
    tools: [
      {
        name: 'search',
        description: 'Finds pages.',
        inputSchema: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
      },
      {
        name: 'read_page',
        description: 'Reads a page.',
        inputSchema: { type: 'object', properties: { url: { type: 'string' } }, required: ['url'] },
      },
    ],
    turns: Array.from({ length: turnsOfTrace }, (_, turn) => turnAt(turn)),
    facts: [...facts.user, ...facts.tool, ...facts.assistant],
  };
}
