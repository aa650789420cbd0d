import {
  anyObject,
  array,
  boolean,
  type Check,
  integer,
  nullable,
  number,
  object,
  oneOf,
  string,
  stringOr,
} from './checks.js';
import { message } from './message-shapes.js';

const functionObject = object({ name: string, description: string, strict: boolean, parameters: anyObject }, [
  'name',
  'parameters',
]);
const tool = object({ type: oneOf('function'), function: functionObject }, ['function']);
const named = object({ type: oneOf('function'), function: object({ name: string }, ['name']) }, ['function']);
const responseFormat = object({
  type: oneOf('text', 'json_object', 'json_schema'),
  json_schema: nullable(
    object({ name: string, description: nullable(string), schema: anyObject, strict: boolean }, [
      'name',
      'schema',
    ]),
  ),
});
const thresholds = nullable(
  (value, place) => object({}, [], { open: true })(value, place) ?? everyNumber(value, place),
);
const moderation = nullable(
  object(
    {
      model_name: string,
      custom_category_thresholds: thresholds,
      ignore_other_categories: boolean,
      action: oneOf('none', 'block'),
    },
    [],
    { open: true },
  ),
);
const guardrail = object(
  { block_on_error: boolean, moderation_llm_v1: moderation, moderation_llm_v2: moderation },
  [],
  { open: true },
);

const toolChoice: Check = (value, place) =>
  typeof value === 'string' ? oneOf('auto', 'none', 'any', 'required')(value, place) : named(value, place);

/** The whole body of a chat request, field by field. */
export const chatShape: Check = object(
  {
    model: string,
    messages: array(message),
    temperature: nullable(number(0, 1.5)),
    top_p: number(0, 1),
    max_tokens: nullable(integer(0)),
    stream: boolean,
    stop: stringOr(array(string)),
    random_seed: nullable(integer(0)),
    metadata: nullable(anyObject),
    response_format: responseFormat,
    tools: nullable(array(tool)),
    tool_choice: toolChoice,
    presence_penalty: number(-2, 2),
    frequency_penalty: number(-2, 2),
    n: nullable(integer(1)),
    prediction: object({ type: oneOf('content'), content: string }),
    parallel_tool_calls: boolean,
    prompt_mode: nullable(oneOf('reasoning')),
    reasoning_effort: oneOf('high', 'none'),
    guardrails: nullable(array(guardrail)),
    prompt_cache_key: nullable(string),
    safe_prompt: boolean,
    // Newer than the published document; the vendor's SDK knows it.
    service_tier: nullable(string),
  },
  ['messages', 'model'],
);

/** The whole body of an embeddings request. */
export const embeddingShape: Check = object(
  {
    model: string,
    input: stringOr(array(string)),
    metadata: nullable(anyObject),
    output_dimension: nullable(integer(1)),
    output_dtype: oneOf('float', 'int8', 'uint8', 'binary', 'ubinary'),
    encoding_format: oneOf('float', 'base64'),
  },
  ['input', 'model'],
);

function everyNumber(value: unknown, place: Parameters<Check>[1]): ReturnType<Check> {
  for (const [name, item] of Object.entries(value ?? {})) {
    const refused = nullable(number())(item, [...place, name]);
    if (refused) return refused;
  }
  return undefined;
}
