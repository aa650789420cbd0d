import { englishText } from '../texts/english.js';
import { createRandom } from '../texts/random.js';
import { makeFacts, spread } from './facts.js';
import type { Trace, TraceTurn } from './trace.js';

const turnsOfTrace = 460;
const factsPerSpeaker = 40;
const [second, minute, hour] = [1000, 60_000, 3_600_000];

/**
 * Small talk over some days: questions of 40 to 400 characters, answers of 200 to 1,400, and a look into a notebook now
 * and then. People answer after 15 to 100 seconds; about one turn in twenty comes after 8 minutes to 10 hours.
 */
export function chatTrace(seed: number): Trace {
  const random = createRandom(seed);
  const between = (least: number, most: number) => Math.floor(least + random() * (most - least));
  const facts = makeFacts(factsPerSpeaker, random);
  const prose = (least: number, most: number) => englishText(between(least, most), between(1, 2 ** 31));

  const turnAt = (turn: number): TraceTurn => {
    const woven = (by: keyof typeof facts) =>
      spread(facts[by], turn, turnsOfTrace).map(({ sentence }) => ` ${sentence}`);
    const notes = woven('tool');
    const look = {
      text: '',
      calls: notes.map((note) => ({
        toolName: 'read_notebook',
        input: { page: turn },
        output: `${prose(300, 900)}.${note}`,
      })),
      takesMs: 2 * second,
    };
    const answer = {
      text: `${prose(200, 1400)}.${woven('assistant').join('')}`,
      calls: [],
      takesMs: between(3, 12) * second,
    };
    return {
      pauseMs: random() < 0.05 ? between(8 * minute, 10 * hour) : between(15, 100) * second,
      user: `${prose(40, 400)}.${woven('user').join('')}`,
      steps: notes.length > 0 ? [look, answer] : [answer],
    };
  };

  return {
    name: 'chat',
    instructions: `You are a friendly companion who remembers what was said. ${englishText(2400, 11)}`,
    tools: [
      {
        name: 'read_notebook',
        description: 'Reads one page of the notebook that both keep.',
        inputSchema: { type: 'object', properties: { page: { type: 'integer' } }, required: ['page'] },
      },
    ],
    turns: Array.from({ length: turnsOfTrace }, (_, turn) => turnAt(turn)),
    facts: [...facts.user, ...facts.tool, ...facts.assistant],
  };
}
