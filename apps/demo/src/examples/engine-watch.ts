import { quotingAnswer } from '@loci/testing';
import type { Answerer } from '../wiring/stand-ins.js';
import { summarises } from '../wiring/summarises.js';
import type { Tool } from './tool-turn.js';

const hours = Array.from({ length: 16 }, (_, hour) => String((hour + 20) % 24).padStart(2, '0'));

/** A made-up log of an engine room, the same for each night whenever it is read. */
const readLog: Tool = {
  name: 'read_log',
  description: 'The log of the engine room of one night, counted from 1.',
  inputSchema: {
    type: 'object',
    properties: { night: { type: 'integer', minimum: 1 } },
    required: ['night'],
    additionalProperties: false,
  },
  run(input) {
    const { night = 1 } = input as { readonly night?: number };
    const lines = hours.map((hour, index) => {
      const [a, b] = [68 + ((night * 7 + index * 3) % 9), 66 + ((night * 5 + index * 4) % 11)];
      return `${hour}:00 pump A ${a}.${index % 10} °C, pump B ${b}.${night % 10} °C, valve V-${400 + night} at ${30 + index} %`;
    });
    const found = night === 1 ? ['04:10 the spare pump stands behind the blue door'] : [];
    return [`night ${night}`, ...lines, ...found, `05:00 error E10${40 + night} at sensor SN-${night}7`].join(
      '\n',
    );
  },
};

/** What a keeper of an engine says over eight nights, in one conversation. */
export const watch: readonly string[] = [
  'First of all: never stop both pumps at once.',
  'Read the log of night 1.',
  'Read the log of night 2.',
  'We decided to replace valve V-402 on 2026-03-14.',
  'Read the log of night 3.',
  'Read the log of night 4.',
  'Keep the report in reports/engine.md.',
  'Read the log of night 5.',
  'Read the log of night 6.',
  'The inspection comes on 2026-04-02.',
  'Read the log of night 7.',
  'Read the log of night 8.',
];

/** Answered from the summary. */
export const firstQuestion = 'What did I tell you first?';

/** Answered by the originals: no summary has room for it. */
export const exactQuestion = 'Where does the spare pump stand?';

/** The tools of the watch: its logs, and what reads the originals. */
export function watchTools(recall: Tool): readonly Tool[] {
  return [readLog, recall];
}

/** What a stand-in does in the place of a model: reads what it is told to, and looks into the originals where its prompt does not answer. */
export const keepsWatch: Answerer = async (said) => {
  const last = said.at(-1);
  const asked = said.findLast(({ role }) => role === 'user')?.text ?? '';
  const [, night] = /^Read the log of night (\d+)/.exec(asked) ?? [];
  if (last?.role === 'result') return { text: night ? lastLine(last.text) : fromOriginals(last.text, asked) };
  if (night) return { toolCalls: [{ name: readLog.name, input: { night: Number(night) } }] };
  const answer = await summarises(said);
  return answer.text?.startsWith('I do not know')
    ? { toolCalls: [{ name: 'recall_originals', input: { query: asked } }] }
    : answer;
};

function lastLine(log: string): string {
  return `Read. It ends with: ${log.split('\n').at(-1)}.`;
}

/** The result of the tool is JSON, of which the texts can be quoted. */
function fromOriginals(result: string, question: string): string {
  const { originals = [] } = JSON.parse(result) as {
    readonly originals?: readonly { readonly text: string }[];
  };
  const texts = originals.map(({ text }) => ({ role: 'user', texts: [text] }));
  return quotingAnswer([...texts, { role: 'user', texts: [question] }]);
}
