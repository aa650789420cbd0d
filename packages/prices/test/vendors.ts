import { type ChatModel, type ChatResponse, collectStream, createMessage } from '@loci/core';
import { anthropic } from '@loci/providers-anthropic';
import { mistral } from '@loci/providers-mistral';
import { openai } from '@loci/providers-openai';
import { type AnthropicAnswer, startAnthropic } from '@loci/testing/anthropic';
import { type MistralAnswer, startMistral } from '@loci/testing/mistral';
import { type OpenAIAnswer, startOpenAI } from '@loci/testing/openai';

const apiKey = 'a-key-for-the-loopback';
const request = { messages: [createMessage({ role: 'user', content: 'How much is this?' })] };

/** The answer of a vendor, through its SDK, plain and streamed. */
export type Ask<Answer> = (modelId: string, answer: Answer) => Promise<readonly ChatResponse[]>;

export const askOpenAI =
  (api: 'chat' | 'responses'): Ask<OpenAIAnswer> =>
  async (modelId, answer) => {
    const server = await startOpenAI({ answer: () => answer });
    return ask(openai(modelId, { baseUrl: server.url, apiKey, api }), server);
  };

export const askAnthropic: Ask<AnthropicAnswer> = async (modelId, answer) => {
  const server = await startAnthropic({ answer: () => answer });
  return ask(anthropic(modelId, { baseUrl: server.url, apiKey }), server);
};

export const askMistral: Ask<MistralAnswer> = async (modelId, answer) => {
  const server = await startMistral({ answer: () => answer });
  return ask(mistral(modelId, { baseUrl: server.url, apiKey }), server);
};

async function ask(model: ChatModel, server: { close(): Promise<void> }): Promise<readonly ChatResponse[]> {
  try {
    return [await model.generate(request), await collectStream(model.stream(request))];
  } finally {
    await server.close();
  }
}
