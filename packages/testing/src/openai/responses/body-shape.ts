import {
  array,
  boolean,
  type Check,
  closed,
  integer,
  nullable,
  number,
  object,
  oneOf,
  record,
  selectedBy,
  string,
  stringOr,
} from '../judge/checks.js';
import { inputItem } from './item-shapes.js';

const text = string();
const anyObject = object({});
const name = string({ max: 64, pattern: /^[a-zA-Z0-9_-]+$/ });

const tool = selectedBy('type', {
  function: closed(
    {
      type: text,
      name,
      description: nullable(text),
      parameters: nullable(anyObject),
      strict: nullable(boolean),
    },
    ['name', 'parameters', 'strict'],
  ),
});
const toolChoice = stringOr(
  oneOf('none', 'auto', 'required'),
  selectedBy('type', { function: closed({ type: text, name: text }, ['name']) }),
);
const format = selectedBy('type', {
  text: closed({ type: text }),
  json_object: closed({ type: text }),
  json_schema: closed({ type: text, name, description: text, schema: anyObject, strict: nullable(boolean) }, [
    'name',
    'schema',
  ]),
});

/**
 * The whole body, field by field: what concerns text, media, functions and reasoning. The vendor's own tools, prompts and
 * stored conversations are not known here and refused.
 */
export const responsesShape: Check = closed(
  {
    background: nullable(boolean),
    include: nullable(
      array(
        oneOf('reasoning.encrypted_content', 'message.input_image.image_url', 'message.output_text.logprobs'),
      ),
    ),
    input: stringOr(text, array(inputItem, { min: 1 })),
    instructions: nullable(text),
    max_output_tokens: nullable(integer(16)),
    max_tool_calls: nullable(integer()),
    metadata: nullable(record(text)),
    model: text,
    parallel_tool_calls: nullable(boolean),
    prompt_cache_key: nullable(string({ max: 64 })),
    prompt_cache_retention: nullable(oneOf('in_memory', '24h')),
    reasoning: nullable(
      closed({
        effort: nullable(oneOf('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max')),
        summary: nullable(oneOf('auto', 'concise', 'detailed')),
        context: nullable(oneOf('auto', 'current_turn', 'all_turns')),
      }),
    ),
    safety_identifier: nullable(string({ max: 64 })),
    service_tier: nullable(oneOf('auto', 'default', 'flex', 'scale', 'priority', 'fast')),
    store: nullable(boolean),
    stream: nullable(boolean),
    stream_options: nullable(closed({ include_obfuscation: boolean })),
    temperature: nullable(number(0, 2)),
    text: closed({ format, verbosity: nullable(oneOf('low', 'medium', 'high')) }),
    tool_choice: toolChoice,
    tools: array(tool, { max: 128 }),
    top_logprobs: nullable(integer(0, 20)),
    top_p: nullable(number(0, 1)),
    truncation: nullable(oneOf('auto', 'disabled')),
    user: text,
  },
  ['model', 'input'],
);
