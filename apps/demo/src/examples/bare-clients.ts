import type { Message } from '@loci/core';
import { fromAnthropicMessages, toAnthropicMessages } from '@loci/providers-anthropic';
import { fromMistralMessages, toMistralMessages } from '@loci/providers-mistral';
import { fromOpenAIMessages, toOpenAIMessages } from '@loci/providers-openai';
import type { VendorName } from '../wiring/vendors.js';

interface Address {
  readonly modelId: string;
  readonly apiKey?: string;
  readonly baseUrl?: string;
}

interface Answered {
  /** How many messages the vendor was sent. */
  readonly sent: number;
  readonly reply: readonly Message[];
}

/** One answer of each vendor by its own client, which is loaded where it is asked for, with nothing of ours but the converters. */
export const bareClients: {
  readonly [V in VendorName]: (history: readonly Message[], address: Address) => Promise<Answered>;
} = {
  async openai(history, { modelId, apiKey = 'none', baseUrl }) {
    const { messages } = toOpenAIMessages(history);
    const { default: OpenAI } = await import('openai');
    const client = new OpenAI({ apiKey, baseURL: baseUrl, maxRetries: 0 });
    const { choices } = await client.chat.completions.create({ model: modelId, messages });
    return { sent: messages.length, reply: fromOpenAIMessages(choices.map(({ message }) => message)) };
  },
  async anthropic(history, { modelId, apiKey = 'none', baseUrl = null }) {
    const { system, messages } = toAnthropicMessages(history);
    const { default: Anthropic } = await import('@anthropic-ai/sdk');
    const client = new Anthropic({ apiKey, baseURL: baseUrl, maxRetries: 0 });
    const { role, content } = await client.messages.create({
      model: modelId,
      max_tokens: 1000,
      messages,
      ...(system && { system }),
    });
    return { sent: messages.length, reply: fromAnthropicMessages([{ role, content }]) };
  },
  async mistral(history, { modelId, apiKey = 'none', baseUrl }) {
    const { messages } = toMistralMessages(history);
    const { Mistral } = await import('@mistralai/mistralai');
    const client = new Mistral({ apiKey, ...(baseUrl && { serverURL: baseUrl }) });
    const { choices } = await client.chat.complete({ model: modelId, messages });
    const answers = choices.flatMap(({ message }) =>
      message ? [{ ...message, role: 'assistant' as const }] : [],
    );
    return { sent: messages.length, reply: fromMistralMessages(answers) };
  },
};
