import {
  anyObject,
  array,
  boolean,
  type Check,
  integer,
  nullable,
  object,
  oneOf,
  selectedBy,
  string,
  stringOr,
} from './checks.js';

const kind = (name: string) => oneOf(name);
const textChunk = object({ type: kind('text'), text: string }, ['type', 'text']);
const reference = object({ type: kind('reference'), reference_ids: array(integer()) }, [
  'type',
  'reference_ids',
]);
const toolReference = object(
  {
    type: kind('tool_reference'),
    tool: string,
    title: string,
    url: nullable(string),
    favicon: nullable(string),
    description: nullable(string),
  },
  ['type', 'tool', 'title'],
);
const thinkChunk = object(
  {
    type: kind('thinking'),
    thinking: array(selectedBy('type', { text: textChunk, reference, tool_reference: toolReference })),
    // Newer than the published document; the vendor's SDK sends it back.
    signature: nullable(string),
    closed: boolean,
  },
  ['type', 'thinking'],
);
const imageUrl = object({ url: string, detail: nullable(oneOf('low', 'auto', 'high')) }, ['url']);

const chunk = selectedBy('type', {
  text: textChunk,
  image_url: object({ type: kind('image_url'), image_url: stringOr(imageUrl) }, ['type', 'image_url']),
  document_url: object(
    { type: kind('document_url'), document_url: string, document_name: nullable(string) },
    ['type', 'document_url'],
  ),
  reference,
  file: object({ type: kind('file'), file_id: string }, ['type', 'file_id']),
  thinking: thinkChunk,
  input_audio: object({ type: kind('input_audio'), input_audio: string }, ['type', 'input_audio']),
});
const systemChunk = selectedBy('type', { text: textChunk, thinking: thinkChunk });

const functionCall = object({ name: string, arguments: stringOr(anyObject) }, ['name', 'arguments']);
const toolCall = object({ id: string, type: kind('function'), function: functionCall, index: integer() }, [
  'function',
]);

/** One message of a request, by its role, as the vendor's schema has it. */
export const message: Check = selectedBy('role', {
  system: object({ role: string, content: stringOr(array(systemChunk)) }, ['content']),
  user: object({ role: string, content: nullable(stringOr(array(chunk))) }, ['content']),
  assistant: object({
    role: string,
    content: nullable(stringOr(array(chunk))),
    tool_calls: nullable(array(toolCall)),
    prefix: boolean,
  }),
  tool: object(
    {
      role: string,
      content: nullable(stringOr(array(chunk))),
      tool_call_id: nullable(string),
      name: nullable(string),
    },
    ['content'],
  ),
});
