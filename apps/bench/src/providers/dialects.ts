import { Anthropic } from '@anthropic-ai/sdk';
import { type ChatModel, createMessage } from '@loci/core';
import { anthropic } from '@loci/providers-anthropic';
import { mistral } from '@loci/providers-mistral';
import { openai } from '@loci/providers-openai';
import { Mistral } from '@mistralai/mistralai';
import { HTTPClient } from '@mistralai/mistralai/lib/http.js';
import { OpenAI } from 'openai';
import { type Body, chatBody, messagesBody, mistralBody, responsesBody } from './bodies.js';

/** A way to ask one vendor, with and without us; both read the stream to its end and answer how many events it had. */
export interface Dialect {
  readonly name: string;
  readonly body: (deltas: number) => Body;
  /**
   * What we may add to a call, of what the SDK costs. Wanted is 0.3: Mistral keeps it; OpenAI does for answers of many
   * chunks, and Anthropic's SDK takes 2 µs for a chunk, of which an iterator between it and the caller is a sixth.
   */
  /** The vendor's SDK alone, with one client for all calls. */
  bare(fetch: typeof globalThis.fetch): () => Promise<number>;
  /** Our model over the same SDK. */
  ours(fetch: typeof globalThis.fetch): () => Promise<number>;
}

const apiKey = 'bench-key-0123456789';
const system = 'You are a helpful assistant. Answer in one sentence.';
const question = 'What is the method of loci?';
const messages = [
  { role: 'system' as const, content: system },
  { role: 'user' as const, content: question },
];
const request = {
  messages: messages.map((message) => createMessage(message)),
  maxOutputTokens: 1000,
};

async function count(events: AsyncIterable<unknown>): Promise<number> {
  let seen = 0;
  for await (const _ of events) seen += 1;
  return seen;
}

const read = (model: ChatModel) => () => count(model.stream(request));

export const dialects: readonly Dialect[] = [
  {
    name: 'OpenAI Chat',
    body: chatBody,
    bare(fetch) {
      const client = new OpenAI({ apiKey, fetch });
      return async () =>
        count(
          await client.chat.completions.create({
            model: 'gpt-4o',
            messages,
            max_completion_tokens: 1000,
            stream: true,
            stream_options: { include_usage: true },
          }),
        );
    },
    ours: (fetch) => read(openai('gpt-4o', { apiKey, fetch, api: 'chat' })),
  },
  {
    name: 'OpenAI Responses',
    body: responsesBody,
    bare(fetch) {
      const client = new OpenAI({ apiKey, fetch });
      return async () =>
        count(
          await client.responses.create({
            model: 'gpt-5.4',
            input: messages,
            max_output_tokens: 1000,
            stream: true,
            store: false,
            include: ['reasoning.encrypted_content'],
          }),
        );
    },
    ours: (fetch) => read(openai('gpt-5.4', { apiKey, fetch, api: 'responses' })),
  },
  {
    name: 'Anthropic Messages',
    body: messagesBody,
    bare(fetch) {
      const client = new Anthropic({ apiKey, fetch });
      return async () =>
        count(
          await client.messages.create({
            model: 'claude-opus-5',
            system,
            messages: [{ role: 'user', content: question }],
            max_tokens: 1000,
            stream: true,
          }),
        );
    },
    ours: (fetch) => read(anthropic('claude-opus-5', { apiKey, fetch })),
  },
  {
    name: 'Mistral Chat',
    body: mistralBody,
    bare(fetch) {
      const client = new Mistral({
        apiKey,
        httpClient: new HTTPClient({ fetcher: (input, init) => fetch(input, init) }),
      });
      return async () =>
        count(await client.chat.stream({ model: 'mistral-medium-3-5', messages, maxTokens: 1000 }));
    },
    ours: (fetch) => read(mistral('mistral-medium-3-5', { apiKey, fetch })),
  },
];
