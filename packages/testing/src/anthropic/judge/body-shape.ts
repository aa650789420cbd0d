import { cacheControl, message, spokenText, textBlock } from './block-shapes.js';
import {
  anything,
  array,
  boolean,
  both,
  type Check,
  firstRefusal,
  integer,
  isObject,
  nullable,
  number,
  object,
  oneOf,
  selectedBy,
  string,
  stringOr,
} from './checks.js';
import { outputSchema } from './output-schema.js';

const text = string();
const wireName = string({ pattern: /^[a-zA-Z0-9_-]{1,128}$/ });

const inputSchema: Check = (value, path) => {
  if (!isObject(value)) return `${path}: Input should be a valid dictionary`;
  if (value['type'] === undefined) return `${path}.type: Field required`;
  if (value['type'] !== 'object') return `${path}.type: Input should be 'object'`;
  if (['anyOf', 'oneOf', 'allOf'].some((name) => value[name] !== undefined))
    return `${path}: input_schema does not support oneOf, allOf, or anyOf at the top level`;
  const { properties } = value;
  if (properties === undefined) return undefined;
  if (!isObject(properties)) return `${path}.properties: Input should be a valid dictionary`;
  return Object.keys(properties).every((name) => /^[a-zA-Z0-9_.-]{1,64}$/.test(name))
    ? undefined
    : `${path}.properties: Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'`;
};

const customTool = object(
  {
    type: nullable(oneOf('custom')),
    name: wireName,
    description: text,
    input_schema: inputSchema,
    strict: boolean,
    cache_control: cacheControl,
    allowed_callers: array(text),
    defer_loading: boolean,
    eager_input_streaming: nullable(boolean),
    input_examples: array(anything),
  },
  ['name', 'input_schema'],
);
const tool: Check = (value, path) => {
  if (!isObject(value)) return `${path}: Input should be a valid dictionary`;
  const { type } = value;
  return type === undefined || type === null || type === 'custom'
    ? customTool(value, `${path}.custom`)
    : // Tools that the vendor runs itself are dated: `web_search_20260209`.
      typeof type === 'string' && /_\d{8}$/.test(type)
      ? undefined
      : `${path}: Input tag '${String(type)}' found using 'type' does not match any of the expected tags`;
};

const toolChoice = selectedBy('type', {
  auto: object({ type: anything, disable_parallel_tool_use: boolean }),
  any: object({ type: anything, disable_parallel_tool_use: boolean }),
  tool: object({ type: anything, name: text, disable_parallel_tool_use: boolean }, ['name']),
  none: object({ type: anything }),
});

const display = nullable(oneOf('summarized', 'omitted'));
const thinking = selectedBy('type', {
  enabled: object({ type: anything, budget_tokens: integer(1024), display }, ['budget_tokens']),
  adaptive: object({ type: anything, display }),
  disabled: object({ type: anything }),
  between_tools: object({ type: anything }),
});

const outputConfig = object({
  effort: nullable(oneOf('low', 'medium', 'high', 'xhigh', 'max')),
  format: nullable(
    object({ type: oneOf('json_schema'), schema: both(object({}, [], { open: true }), outputSchema) }, [
      'type',
      'schema',
    ]),
  ),
});

const prompt: Readonly<Record<string, Check>> = {
  model: string({ min: 1, max: 256 }),
  messages: (value, path) =>
    Array.isArray(value) && value.length === 0
      ? 'messages: at least one message is required'
      : array(message)(value, path),
  system: stringOr(text, array(selectedBy('type', { text: textBlock }))),
  tools: (value, path) => array(tool)(value, path) ?? uniqueNames(value),
  tool_choice: toolChoice,
  thinking,
  output_config: outputConfig,
  cache_control: cacheControl,
  speed: nullable(oneOf('standard', 'fast')),
};

const sequence: Check = (value, path) =>
  spokenText(value, path) === undefined
    ? undefined
    : `${path}: each stop sequence must contain non-whitespace`;

/** The body of a call. The sampling fields are gone from the published types; the older models still take them. */
export const messagesBody = object(
  {
    ...prompt,
    max_tokens: integer(0),
    stream: boolean,
    stop_sequences: array(sequence),
    metadata: object({ user_id: nullable(string({ max: 512 })) }),
    service_tier: oneOf('auto', 'standard_only'),
    container: anything,
    diagnostics: anything,
    inference_geo: nullable(text),
    temperature: number(0, 1),
    top_p: number(0, 1),
    top_k: integer(0),
  },
  ['model', 'max_tokens', 'messages'],
);

/** The body of a request to count tokens: the prompt and nothing else. */
export const countBody = object(prompt, ['model', 'messages']);

function uniqueNames(tools: unknown): string | undefined {
  const seen = new Set<unknown>();
  return firstRefusal(Array.isArray(tools) ? tools : [], (one: unknown) => {
    const name = isObject(one) ? one['name'] : undefined;
    if (seen.has(name)) return 'tools: Tool names must be unique.';
    seen.add(name);
    return undefined;
  });
}
