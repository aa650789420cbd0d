import { type ChatModel, type ChatRequest, ModelError } from '@loci/core';
import { anthropic, toAnthropicRequest } from '@loci/providers-anthropic';
import { mistral, toMistralRequest } from '@loci/providers-mistral';
import { openai, toOpenAIRequest, toOpenAIResponsesRequest } from '@loci/providers-openai';
import { judgeMessagesRequest } from '@loci/testing/anthropic';
import { judgeMistralRequest } from '@loci/testing/mistral';
import { judgeChatRequest, judgeResponsesRequest } from '@loci/testing/openai';
import { chatCompletionStreamRequestToJSON } from '@mistralai/mistralai/models/components';

const settingsOf = ({ modelId, traits }: ChatModel) => ({ modelId, traits });
const wire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const chat = settingsOf(openai('gpt-4o'));
const responses = settingsOf(openai('gpt-5.4'));
const claude = settingsOf(anthropic('claude-sonnet-4-5'));
const mixtral = settingsOf(mistral('mistral-medium-3-5'));

/** Each makes a request as it goes over the wire, and says what the vendor would refuse it with. */
const dialects: Readonly<Record<string, (request: ChatRequest) => unknown>> = {
  'OpenAI Chat Completions': (request) =>
    judgeChatRequest(wire(toOpenAIRequest(request, { ...chat, cacheKey: true }).body)),
  'OpenAI Responses': (request) =>
    judgeResponsesRequest(wire(toOpenAIResponsesRequest(request, { ...responses, cacheKey: true }).body)),
  'Anthropic Messages': (request) => judgeMessagesRequest(wire(toAnthropicRequest(request, claude).body)),
  'Mistral Chat': (request) =>
    judgeMistralRequest(
      JSON.parse(
        chatCompletionStreamRequestToJSON(toMistralRequest(request, { ...mixtral, cacheKey: true }).body),
      ),
    ),
};

/** What one of the four dialects would refuse a request with; undefined where all of them take it. */
export function judgeOnAllDialects(request: ChatRequest): string | undefined {
  for (const [name, check] of Object.entries(dialects)) {
    try {
      const refusal = check(request);
      if (refusal !== undefined) return `${name}: ${JSON.stringify(refusal)}`;
    } catch (error) {
      return `${name}: ${ModelError.isInstance(error) ? error.message : String(error)}`;
    }
  }
  return undefined;
}
