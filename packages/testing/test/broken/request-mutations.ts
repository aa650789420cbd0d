import { createMessage } from '@loci/core';
import { forgets, type Mutation, requests, sends } from './model-changes.js';

/** For every case about what is sent a model that it must fail. */
export const requestMutations: Readonly<Record<string, Mutation>> = {
  'request/system': requests((request) => ({
    ...request,
    messages: request.messages.filter(({ role }) => role !== 'system'),
  })),
  'request/tools': requests(({ tools = [], ...request }) => ({
    ...request,
    tools: tools.map((tool) => ({ ...tool, inputSchema: {} })),
  })),
  'request/tool-choice': forgets('toolChoice'),
  'request/settings': forgets('maxOutputTokens'),
  'request/output': forgets('output'),
  'request/images': sends((part) => (part.type === 'image' && part.data.startsWith('https:') ? [] : [part])),
  'request/files': sends((part) => (part.type === 'file' && part.data.startsWith('https:') ? [] : [part])),
  'request/other-vendors': requests(({ vendor = {}, ...request }) => ({
    ...request,
    vendor: { example: vendor['somebody-else'] ?? null },
  })),
  'request/cache': requests(({ tools = [], ...request }) => ({
    ...request,
    tools: request.cache ? [] : tools,
  })),
  'request/nothing': requests((request) => ({
    ...request,
    messages:
      request.messages.length > 0 ? request.messages : [createMessage({ role: 'user', content: '.' })],
  })),

  'history/round-trip': sends((part) => (part.type === 'tool-result' ? [{ ...part, output: 'ok' }] : [part])),
  'history/foreign-calls': sends((part) => (part.type === 'tool-result' && part.isError ? [] : [part])),
  'history/hostile': sends((part) => (part.type === 'text' && part.trust === 'quoted' ? [] : [part])),
  'reasoning/replayed': sends((part) => (part.type === 'reasoning' ? [] : [part])),
  'reasoning/foreign': sends((part) =>
    part.type === 'reasoning' ? [{ ...part, origin: { provider: 'example', model: 'good' } }] : [part],
  ),
};
