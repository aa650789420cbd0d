import {
  array,
  boolean,
  both,
  type Check,
  integer,
  isObject,
  nullable,
  number,
  object,
  oneOf,
  record,
  selectedBy,
  string,
  stringOr,
} from './checks.js';
import { message } from './message-shapes.js';

const text = string();
const anyObject = object({});
const name = string({ max: 64, pattern: /^[a-zA-Z0-9_-]+$/ });
const functionObject = object({ name, description: text, parameters: anyObject, strict: nullable(boolean) }, [
  'name',
]);

const grammar = object({ definition: text, syntax: oneOf('lark', 'regex') }, ['definition', 'syntax']);
const customFormat = selectedBy('type', {
  text: only('type'),
  grammar: both(only('type', 'grammar'), object({ grammar }, ['grammar'])),
});
const tool = selectedBy('type', {
  function: object({ function: functionObject }, ['function']),
  custom: object({ custom: object({ name, description: text, format: customFormat }, ['name']) }, ['custom']),
});
const named = object({ name: text }, ['name']);
const toolChoice = stringOr(
  oneOf('none', 'auto', 'required'),
  selectedBy('type', {
    function: object({ function: named }, ['function']),
    custom: object({ custom: named }, ['custom']),
    allowed_tools: object(
      {
        allowed_tools: object({ mode: oneOf('auto', 'required'), tools: array(anyObject) }, [
          'mode',
          'tools',
        ]),
      },
      ['allowed_tools'],
    ),
  }),
);

const responseFormat = selectedBy('type', {
  text: anyObject,
  json_object: anyObject,
  json_schema: object(
    {
      json_schema: object({ name, description: text, schema: anyObject, strict: nullable(boolean) }, [
        'name',
      ]),
    },
    ['json_schema'],
  ),
});

const approximate = object({ country: text, region: text, city: text, timezone: text });
const webSearch = object({
  user_location: nullable(object({ type: oneOf('approximate'), approximate }, ['type', 'approximate'])),
  search_context_size: oneOf('low', 'medium', 'high'),
});
const moderationMode = nullable(object({ mode: oneOf('score', 'block') }, ['mode']));
const textParts = array(
  object(
    { type: oneOf('text'), text, prompt_cache_breakpoint: object({ mode: oneOf('explicit') }, ['mode']) },
    ['type', 'text'],
  ),
  { min: 1 },
);
const largestSeed = 9_223_372_036_854_776_000;

const fields: Readonly<Record<string, Check>> = {
  messages: array(message, { min: 1 }),
  model: text,
  audio: nullable(
    object(
      {
        voice: stringOr(text, both(only('id'), object({ id: text }, ['id']))),
        format: oneOf('wav', 'aac', 'mp3', 'flac', 'opus', 'pcm16'),
      },
      ['voice', 'format'],
    ),
  ),
  frequency_penalty: nullable(number(-2, 2)),
  function_call: stringOr(oneOf('none', 'auto'), named),
  functions: array(object({ name, description: text, parameters: anyObject }, ['name']), {
    min: 1,
    max: 128,
  }),
  logit_bias: nullable(record(integer())),
  logprobs: nullable(boolean),
  max_completion_tokens: nullable(integer(1)),
  max_tokens: nullable(integer(1)),
  metadata: nullable(record(text)),
  modalities: nullable(array(oneOf('text', 'audio'))),
  moderation: nullable(
    object({ model: text, policy: nullable(object({ input: moderationMode, output: moderationMode })) }, [
      'model',
    ]),
  ),
  n: nullable(integer(1, 128)),
  parallel_tool_calls: boolean,
  prediction: nullable(
    object({ type: oneOf('content'), content: stringOr(text, textParts) }, ['type', 'content']),
  ),
  presence_penalty: nullable(number(-2, 2)),
  prompt_cache_key: nullable(string({ max: 64 })),
  prompt_cache_options: object({ ttl: oneOf('30m'), mode: oneOf('implicit', 'explicit') }),
  prompt_cache_retention: nullable(oneOf('in_memory', '24h')),
  reasoning_effort: nullable(oneOf('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max')),
  response_format: responseFormat,
  safety_identifier: nullable(string({ max: 64 })),
  seed: nullable(integer(-largestSeed, largestSeed)),
  service_tier: nullable(oneOf('auto', 'default', 'flex', 'scale', 'priority', 'fast')),
  stop: nullable(stringOr(text, array(text, { min: 1, max: 4 }))),
  store: nullable(boolean),
  stream: nullable(boolean),
  stream_options: nullable(object({ include_usage: boolean, include_obfuscation: boolean })),
  temperature: nullable(number(0, 2)),
  tool_choice: toolChoice,
  tools: array(tool, { min: 1, max: 128 }),
  top_logprobs: integer(0, 20),
  top_p: nullable(number(0, 1)),
  user: text,
  verbosity: nullable(oneOf('low', 'medium', 'high')),
  web_search_options: webSearch,
};

/** The whole body, field by field. Names and limits that the schema leaves open are the vendor's observed ones. */
export const bodyShape: Check = object(fields, ['model', 'messages']);

/** The fields the vendor knows; every other one is refused by name. */
export const knownFields: ReadonlySet<string> = new Set(Object.keys(fields));

function only(...names: readonly string[]): Check {
  return (value, path) => {
    const extra = isObject(value) ? Object.keys(value).find((key) => !names.includes(key)) : undefined;
    return extra === undefined ? undefined : string({ max: -1 })('', `${path}.${extra}`);
  };
}
