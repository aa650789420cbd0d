import { type Answerer, quotes } from './stand-ins.js';

const prefix = '- The user said: ';
const longestItem = 120;

/** What a user must be told where `summarises` is shown. */
export const summarisingDescription =
  'Asked for a summary, the stand-in repeats how each of your messages begins: it chooses and shortens, it does not understand.';

/** Writes a summary in the words of the users where it is asked for one; otherwise quotes as other stand-ins do. */
export const summarises: Answerer = (said) => {
  const task = said.at(-1)?.text ?? '';
  const words = /At most (\d+) words\./.exec(task);
  if (!words || !task.includes('## Goal')) return quotes(said);
  const items = new Set(said.flatMap(({ role, text }) => (role === 'user' ? itemsOf(text) : [])));
  // An order of `summaryInstructions` that even a stand-in can follow.
  const most = Number(/At most (\d+) items\./.exec(task)?.[1] ?? Number.POSITIVE_INFINITY);
  // The heading counts, and tokens are more than words.
  let left = Number(words[1]) * 0.8;
  const fitting = [...items].slice(0, most).filter((item) => {
    left -= item.split(' ').length;
    return left >= 0;
  });
  return { text: ['## Facts', ...fitting].join('\n') };
};

/** What is told again of one text: of a record its users' lines, of a summary its items, of anything else its beginning. */
function itemsOf(text: string): string[] {
  const lines = text.split('\n');
  const items = lines.filter((line) => line.startsWith(prefix));
  if (/^<(?:summary|record|notes)>/.test(text)) {
    const told = lines.filter((line) => line.startsWith('[user] ')).map((line) => line.slice(7));
    return [...items, ...told.map(toItem)].filter(Boolean);
  }
  return text.includes('## Goal') ? [] : [toItem(lines[0] ?? '')].filter(Boolean);
}

/** A question tells nothing. */
function toItem(line: string): string {
  const [sentence = ''] = line.split(/(?<=[.!?])\s/);
  if (sentence === '' || sentence.endsWith('?')) return '';
  return `${prefix}${sentence.length > longestItem ? `${sentence.slice(0, longestItem - 1)}…` : sentence}`;
}
