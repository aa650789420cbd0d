import {
  anything,
  array,
  boolean,
  both,
  type Check,
  isObject,
  nullable,
  object,
  oneOf,
  selectedBy,
  string,
  stringOr,
} from './checks.js';

const text = string();
const type = anything;
const base64 = string({ min: 1, pattern: /^[A-Za-z0-9+/]+={0,2}$/ });
const https: Check = (value, path) =>
  typeof value === 'string' && URL.canParse(value) && new URL(value).protocol === 'https:'
    ? undefined
    : `${path}: Only HTTPS URLs are supported.`;

/** A mark of the prompt cache. */
export const cacheControl = nullable(object({ type: oneOf('ephemeral'), ttl: oneOf('5m', '1h') }, ['type']));

/** Text that is not empty and not only white space. */
export const spokenText: Check = (value, path) => {
  const refused = text(value, path);
  if (refused) return refused;
  if (value === '') return 'messages: text content blocks must be non-empty';
  return String(value).trim() === ''
    ? 'messages: text content blocks must contain non-whitespace text'
    : undefined;
};

/** A block of text. */
export const textBlock = object(
  { type, text: spokenText, cache_control: cacheControl, citations: nullable(array(anything)) },
  ['text'],
);

const imageType = oneOf('image/jpeg', 'image/png', 'image/gif', 'image/webp');
const image = object(
  {
    type,
    source: selectedBy('type', {
      base64: object({ type, media_type: imageType, data: base64 }, ['media_type', 'data']),
      url: object({ type, url: https }, ['url']),
      file: object({ type, file_id: text }, ['file_id']),
    }),
    cache_control: cacheControl,
    transformations: nullable(object({ oversized_image: oneOf('downsize', 'error') })),
  },
  ['source'],
);

const document = object(
  {
    type,
    source: selectedBy('type', {
      base64: object({ type, media_type: oneOf('application/pdf'), data: base64 }, ['media_type', 'data']),
      text: object({ type, media_type: oneOf('text/plain'), data: spokenText }, ['media_type', 'data']),
      content: object({ type, content: anything }, ['content']),
      url: object({ type, url: https }, ['url']),
      file: object({ type, file_id: text }, ['file_id']),
    }),
    cache_control: cacheControl,
    citations: nullable(object({ enabled: boolean })),
    context: nullable(text),
    title: nullable(string({ max: 500 })),
  },
  ['source'],
);

const wireName = string({ pattern: /^[a-zA-Z0-9_-]{1,128}$/ });
const wireId = string({ pattern: /^[a-zA-Z0-9_-]+$/ });
const input: Check = (value, path) =>
  isObject(value) ? undefined : `${path}: Input should be a valid dictionary`;

const toolUse = object(
  {
    type,
    id: wireId,
    name: wireName,
    input,
    cache_control: cacheControl,
    caller: anything,
    toolset_name: nullable(text),
  },
  ['id', 'name', 'input'],
);

const toolResult = object(
  {
    type,
    tool_use_id: wireId,
    content: stringOr(
      text,
      array(
        selectedBy('type', {
          text: textBlock,
          image,
          document,
          search_result: anything,
          tool_reference: anything,
          browser_state: anything,
        }),
      ),
    ),
    is_error: boolean,
    cache_control: cacheControl,
    toolset_name: nullable(text),
  },
  ['tool_use_id'],
);

const blocks: Readonly<Record<string, Check>> = {
  text: textBlock,
  image,
  document,
  tool_use: toolUse,
  tool_result: toolResult,
  thinking: object({ type, thinking: text, signature: text }, ['thinking', 'signature']),
  redacted_thinking: object({ type, data: text }, ['data']),
};
// Of tools that the vendor runs itself: known by name, not looked into.
const ofServerTools: Readonly<Record<string, Check>> = {
  search_result: anything,
  server_tool_use: anything,
  web_search_tool_result: anything,
  web_fetch_tool_result: anything,
  code_execution_tool_result: anything,
  bash_code_execution_tool_result: anything,
  text_editor_code_execution_tool_result: anything,
  tool_search_tool_result: anything,
  container_upload: anything,
};
const onlyIn: Readonly<Record<string, readonly string[]>> = {
  user: ['image', 'document', 'tool_result'],
  assistant: ['tool_use', 'thinking', 'redacted_thinking'],
};

const content = (role: 'user' | 'assistant') =>
  stringOr(
    // An empty string is an empty message, which another rule refuses.
    text,
    array(
      both(selectedBy('type', { ...blocks, ...ofServerTools }), (value, path) => {
        const foreign = onlyIn[role === 'user' ? 'assistant' : 'user'] ?? [];
        const name = isObject(value) ? String(value['type']) : '';
        return foreign.includes(name)
          ? `${path}: \`${name}\` blocks are not permitted in \`${role}\` messages`
          : undefined;
      }),
    ),
  );

/** One message of a request, by its role. */
export const message: Check = (value, path) => {
  if (!isObject(value)) return `${path}: Input should be a valid dictionary`;
  switch (value['role']) {
    case 'user':
    case 'assistant':
      return object({ role: anything, content: content(value['role']) }, ['content'])(value, path);
    case 'system':
      return object(
        { role: anything, content: stringOr(spokenText, array(selectedBy('type', { text: textBlock }))) },
        ['content'],
      )(value, path);
    case undefined:
      return `${path}.role: Field required`;
    default:
      return `messages: Unexpected role "${String(value['role'])}". Allowed roles are "user", "assistant" or "system".`;
  }
};
