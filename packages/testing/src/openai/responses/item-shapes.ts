import {
  array,
  both,
  type Check,
  closed,
  isObject,
  nullable,
  object,
  oneOf,
  selectedBy,
  string,
  stringOr,
} from '../judge/checks.js';

const text = string();
const status = oneOf('in_progress', 'completed', 'incomplete');
const breakpoint = object({ mode: oneOf('explicit') }, ['mode']);
const url = string({ pattern: /^(?:https?:\/\/|data:)/i });
// Annotations and log probabilities come only from the vendor's own tools.
const none = array(text, { max: 0 });

const inputParts: Readonly<Record<string, Check>> = {
  input_text: closed({ type: text, text, prompt_cache_breakpoint: breakpoint }, ['text']),
  input_image: closed(
    {
      type: text,
      image_url: nullable(url),
      file_id: nullable(text),
      detail: oneOf('low', 'high', 'auto', 'original'),
      prompt_cache_breakpoint: breakpoint,
    },
    ['detail'],
  ),
  input_file: closed({
    type: text,
    file_id: nullable(text),
    filename: text,
    file_data: text,
    file_url: url,
    detail: oneOf('auto', 'low', 'high'),
    prompt_cache_breakpoint: breakpoint,
  }),
};
const inputContent = stringOr(text, array(selectedBy('type', inputParts)));
const outputContent = stringOr(
  text,
  array(
    selectedBy('type', {
      output_text: closed({ type: text, text, annotations: none, logprobs: none }, [
        'text',
        'annotations',
        'logprobs',
      ]),
      refusal: closed({ type: text, refusal: text }, ['refusal']),
    }),
  ),
);

const easy = {
  type: oneOf('message'),
  role: text,
  phase: nullable(oneOf('commentary', 'final_answer')),
  status,
};
const message = selectedBy('role', {
  user: closed({ ...easy, content: inputContent }, ['content']),
  system: closed({ ...easy, content: inputContent }, ['content']),
  developer: closed({ ...easy, content: inputContent }, ['content']),
  assistant: both(closed({ ...easy, id: text, content: outputContent }, ['content']), wholeOutput),
});

const items = selectedBy('type', {
  message,
  function_call: closed(
    {
      type: text,
      id: text,
      call_id: string({ min: 1, max: 64 }),
      name: text,
      arguments: text,
      status,
      namespace: text,
    },
    ['call_id', 'name', 'arguments'],
  ),
  function_call_output: closed(
    {
      type: text,
      id: nullable(text),
      call_id: string({ min: 1, max: 64 }),
      output: stringOr(string({ max: 10_485_760 }), array(selectedBy('type', inputParts))),
      status: nullable(status),
    },
    ['call_id', 'output'],
  ),
  reasoning: closed(
    {
      type: text,
      id: text,
      summary: array(closed({ type: oneOf('summary_text'), text }, ['type', 'text'])),
      content: array(closed({ type: oneOf('reasoning_text'), text }, ['type', 'text'])),
      encrypted_content: nullable(text),
      status,
    },
    ['id', 'summary'],
  ),
});

/** One item of the input. The kinds that belong to tools of the vendor itself are not known here and refused. */
export const inputItem: Check = (value, path) =>
  isObject(value) && value['type'] === undefined ? message(value, path) : items(value, path);

/** A list of parts makes an assistant message one that the vendor itself gave, with its id and status. */
function wholeOutput(value: unknown, path: string) {
  if (!isObject(value) || typeof value['content'] === 'string') return undefined;
  return object({ id: text, status, type: text }, ['id', 'status', 'type'])(value, path);
}
