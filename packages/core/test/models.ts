import {
  type ChatModel,
  type ChatRequest,
  createMessage,
  defineModel,
  type Message,
  type ModelTraits,
  messageText,
  type Part,
} from '../src/index.js';

export const traits: ModelTraits = {
  features: {
    tools: 'yes',
    images: 'yes',
    files: 'yes',
    'output-schema': 'yes',
    reasoning: 'no',
    system: 'yes',
    prefill: 'no',
  },
  contextWindow: 16_000,
  maxOutputTokens: 1000,
};

/** A scripted model (not a language model): answers by a function of the request and keeps what it was asked. */
export function scripted(
  answer: (request: ChatRequest) => string | readonly Part[] | Promise<string | readonly Part[]> = () => 'ok',
  more: Partial<ModelTraits> = {},
): ChatModel & { readonly asked: ChatRequest[] } {
  const asked: ChatRequest[] = [];
  const model = defineModel({
    provider: 'scripted',
    modelId: 'script',
    traits: { ...traits, ...more },
    async *stream(request) {
      asked.push(request);
      const given = await answer(request);
      const content: readonly Part[] = typeof given === 'string' ? [{ type: 'text', text: given }] : given;
      for (const [partIndex, part] of content.entries())
        if (part.type === 'text') yield { type: 'text-delta', partIndex, text: part.text };
      const calls = content.some((part) => part.type === 'tool-call');
      yield {
        type: 'finish',
        response: {
          message: createMessage({ role: 'assistant', content }),
          finishReason: calls ? 'tool-calls' : 'stop',
          usage: { input: 10, cacheRead: 0, cacheWrite: 0, output: 2, reasoning: 0 },
          model: { provider: 'scripted', modelId: 'script' },
          warnings: [],
        },
      };
    },
  });
  return { ...model, asked };
}

export const user = (text: string): Message => createMessage({ role: 'user', content: text });
export const assistant = (text: string): Message => createMessage({ role: 'assistant', content: text });
export const call = (toolCallId: string, toolName = 'look'): Part => ({
  type: 'tool-call',
  toolCallId,
  toolName,
  input: { at: 1 },
});
export const result = (toolCallId: string, output = 'seen', toolName = 'look'): Message =>
  createMessage({
    role: 'tool',
    content: [{ type: 'tool-result', toolCallId, toolName, output, isError: false }],
  });

/** A prompt as one readable text, tool calls and results included. */
export function promptText(request: ChatRequest | undefined): string {
  return (request?.messages ?? [])
    .map(
      (message) =>
        `${message.role}: ${messageText(message)}${message.content.map((part) => (part.type === 'tool-call' || part.type === 'tool-result' ? `[${part.type} ${part.toolCallId}]` : '')).join('')}`,
    )
    .join('\n');
}
