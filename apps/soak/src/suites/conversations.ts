import type { ChatModel, ChatRequest, Message, ReasoningPart } from '@loci/core';
import { anthropic, messagesDialect, toAnthropicRequest } from '@loci/providers-anthropic';
import { mistral, mistralDialect, toMistralRequest } from '@loci/providers-mistral';
import {
  chatDialect,
  openai,
  responsesDialect,
  toOpenAIRequest,
  toOpenAIResponsesRequest,
} from '@loci/providers-openai';
import { judgeMessagesRequest, signThinking } from '@loci/testing/anthropic';
import { anyConversation, checkCompiled, createRandom } from '@loci/testing/conversations';
import { judgeMistralRequest } from '@loci/testing/mistral';
import { encryptedBy, judgeChatRequest, judgeResponsesRequest } from '@loci/testing/openai';
import { chatCompletionStreamRequestToJSON } from '@mistralai/mistralai/models/components';
import type { Suite } from '../suite.js';

/** One way to ask a vendor: what it makes of a history, and who judges it. */
export interface Dialect {
  readonly name: string;
  readonly reasoning: ReasoningPart;
  /** What is not accounted for, or not legal by the table; empty where all is well. */
  check(messages: readonly Message[]): readonly unknown[];
  /** As it goes over the wire. Throws `ModelError` where nothing is left to send. */
  convert(request: ChatRequest): unknown;
  /** What the vendor would refuse it with. */
  judge(body: unknown): unknown;
}

const reasoning = (provider: string, model: string, payload: ReasoningPart['payload']): ReasoningPart => ({
  type: 'reasoning',
  text: 'hm',
  origin: { provider, model },
  ...(payload === undefined ? {} : { payload }),
});
const wire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const settingsOf = (model: ChatModel) => ({ modelId: model.modelId, traits: model.traits });

/** The four, each over a model of its vendor. */
export function createDialects(): readonly Dialect[] {
  const [chat, responses] = [openai('gpt-4o'), openai('gpt-5.4')].map(settingsOf);
  const [claude, mixtral] = [anthropic('claude-sonnet-4-5'), mistral('mistral-medium-3-5')].map(settingsOf);
  if (!chat || !responses || !claude || !mixtral) throw new Error('A model is missing.');
  const own = { provider: 'openai', model: responses.modelId };
  const claudeOrigin = { provider: 'anthropic', model: claude.modelId };
  const mistralOrigin = { provider: 'mistral', model: mixtral.modelId };
  return [
    {
      name: 'OpenAI Chat Completions',
      reasoning: reasoning('openai', chat.modelId, undefined),
      check: (messages) => checkCompiled(messages, chatDialect(chat.traits.features)),
      convert: (request) => wire(toOpenAIRequest(request, { ...chat, cacheKey: true }).body),
      judge: judgeChatRequest,
    },
    {
      name: 'OpenAI Responses',
      reasoning: reasoning(own.provider, own.model, {
        id: 'rs_1',
        summary: [{ type: 'summary_text', text: 'hm' }],
        encrypted_content: encryptedBy('hm'),
      }),
      check: (messages) => checkCompiled(messages, responsesDialect(own, responses.traits.features)),
      convert: (request) => wire(toOpenAIResponsesRequest(request, { ...responses, cacheKey: true }).body),
      judge: judgeResponsesRequest,
    },
    {
      name: 'Anthropic Messages',
      reasoning: reasoning('anthropic', claude.modelId, {
        type: 'thinking',
        thinking: 'hm',
        signature: signThinking(claude.modelId, 'hm'),
      }),
      check: (messages) =>
        checkCompiled(messages, messagesDialect({ origin: claudeOrigin, features: claude.traits.features })),
      convert: (request) => wire(toAnthropicRequest(request, claude).body),
      judge: judgeMessagesRequest,
    },
    {
      name: 'Mistral Chat',
      reasoning: reasoning('mistral', mixtral.modelId, undefined),
      check: (messages) => checkCompiled(messages, mistralDialect({ origin: mistralOrigin, prefix: false })),
      convert: (request) =>
        JSON.parse(
          chatCompletionStreamRequestToJSON(toMistralRequest(request, { ...mixtral, cacheKey: true }).body),
        ),
      judge: judgeMistralRequest,
    },
  ];
}

/** Histories that no vendor would take as they are, made into requests of four vendors' APIs. */
export const conversations: Suite = {
  name: 'conversations',
  proves:
    'Whatever a history holds, the request that each of the four dialects makes of it is one that the vendor takes, and every part is accounted for.',
  rounds: 20_000,
  async run({ rounds, seed, progress, signal }) {
    const random = createRandom(seed);
    const dialects = createDialects();
    let requests = 0;
    let empty = 0;
    for (let round = 1; round <= rounds; round++) {
      signal.throwIfAborted();
      const history = Math.floor(random() * 2 ** 31);
      for (const dialect of dialects) {
        const messages = anyConversation(createRandom(history), { reasoning: () => dialect.reasoning });
        const unaccounted = dialect.check(messages);
        const body = convert(dialect, messages);
        if (body === undefined) empty++;
        else requests++;
        const refusal = body === undefined ? undefined : dialect.judge(body);
        if (unaccounted.length > 0 || refusal !== undefined)
          throw new Error(`round ${round}, ${dialect.name}: ${JSON.stringify(refusal ?? unaccounted)}`, {
            cause: JSON.stringify(messages),
          });
      }
      if (round % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
      progress(round);
    }
    if (requests < rounds) throw new Error(`only ${requests} requests were made`);
    return [
      { what: 'requests judged', count: requests },
      { what: 'histories of which nothing was left to send', count: empty },
    ];
  },
};

function convert(dialect: Dialect, messages: readonly Message[]): unknown {
  try {
    return dialect.convert({ messages });
  } catch (error) {
    if (error instanceof Error && 'kind' in error && error.kind === 'invalid-request') return undefined;
    throw error;
  }
}
