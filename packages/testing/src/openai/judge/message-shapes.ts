import { array, type Check, nullable, object, oneOf, selectedBy, string, stringOr } from './checks.js';

const text = string();
const breakpoint = object({ mode: oneOf('explicit') }, ['mode']);
const textPart = object({ text, prompt_cache_breakpoint: breakpoint }, ['text']);

const userPart = selectedBy('type', {
  text: textPart,
  image_url: object(
    {
      image_url: object(
        { url: string({ pattern: /^(?:https?:\/\/|data:)/i }), detail: oneOf('auto', 'low', 'high') },
        ['url'],
      ),
      prompt_cache_breakpoint: breakpoint,
    },
    ['image_url'],
  ),
  input_audio: object(
    {
      input_audio: object({ data: text, format: oneOf('wav', 'mp3') }, ['data', 'format']),
      prompt_cache_breakpoint: breakpoint,
    },
    ['input_audio'],
  ),
  file: object(
    { file: object({ filename: text, file_data: text, file_id: text }), prompt_cache_breakpoint: breakpoint },
    ['file'],
  ),
});

const textOnly = content(selectedBy('type', { text: textPart }));

const toolCall = selectedBy('type', {
  function: object(
    { id: string({ max: 40 }), function: object({ name: text, arguments: text }, ['name', 'arguments']) },
    ['id', 'function'],
  ),
  custom: object(
    { id: string({ max: 40 }), custom: object({ name: text, input: text }, ['name', 'input']) },
    ['id', 'custom'],
  ),
});

const assistant = object({
  content: nullable(
    content(selectedBy('type', { text: textPart, refusal: object({ refusal: text }, ['refusal']) })),
  ),
  refusal: nullable(text),
  name: text,
  audio: nullable(object({ id: text }, ['id'])),
  tool_calls: array(toolCall, { min: 1, max: 128 }),
  function_call: nullable(object({ name: text, arguments: text }, ['name', 'arguments'])),
});

/** One message of a request, by its role, as the vendor's schema has it. */
export const message: Check = selectedBy('role', {
  developer: object({ content: textOnly, name: text }, ['content']),
  system: object({ content: textOnly, name: text }, ['content']),
  user: object({ content: content(userPart), name: text }, ['content']),
  assistant,
  tool: object({ content: textOnly, tool_call_id: text }, ['content', 'tool_call_id']),
  function: object({ content: nullable(text), name: text }, ['content', 'name']),
});

function content(part: Check): Check {
  return stringOr(text, array(part, { min: 1 }));
}
