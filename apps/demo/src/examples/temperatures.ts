import type { Answerer } from '../wiring/stand-ins.js';
import type { Tool } from './tool-turn.js';

const degrees: Readonly<Record<string, number>> = { Lima: 19, Oslo: 4, Pune: 31, Quito: 15 };

/** A made-up weather service, the only tool of the story `vendors`. */
export const temperatures: readonly Tool[] = [
  {
    name: 'temperature',
    description: 'The temperature in a city now, in degrees Celsius.',
    inputSchema: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    },
    run(input) {
      const { city } = input as { readonly city?: string };
      return `${city}: ${degrees[city ?? ''] ?? 'unknown'} °C`;
    },
  },
];

/** What a stand-in does in the place of a model: asks for one city of the question after the other, then answers with the results. */
export const asksForEachCity: Answerer = (said) => {
  const asked = said.findLastIndex(({ role, text }) => role === 'user' && text.includes('?'));
  const cities = Object.keys(degrees).filter((city) => said[asked]?.text.includes(city));
  const known = said.slice(asked).flatMap(({ role, text }) => (role === 'result' ? [text] : []));
  const missing = cities.find((city) => !known.some((result) => result.includes(city)));
  return missing
    ? {
        reasoning: `I do not know ${missing} yet.`,
        toolCalls: [{ name: 'temperature', input: { city: missing } }],
      }
    : { reasoning: 'Now I know them all.', text: `${known.join(', ')}.` };
};
