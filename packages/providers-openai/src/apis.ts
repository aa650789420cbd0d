import type { ChatEvent, ChatRequest, ChatResponse, Warning } from '@loci/core';
import type { OpenAI } from 'openai';
import type { AnswerContext } from './finish-answer.js';
import { readCompletion } from './from-response.js';
import { readResponses } from './from-responses.js';
import { fromOpenAIResponsesStream } from './from-responses-stream.js';
import { type FromStreamOptions, fromOpenAIStream } from './from-stream.js';
import type { ToRequestOptions } from './request-parts.js';
import type { Connection, OpenAISettings } from './settings.js';
import { toOpenAIRequest } from './to-request.js';
import { toOpenAIResponsesRequest } from './to-responses-request.js';
import { isReasoningModel } from './traits.js';

type Call = OpenAI.RequestOptions;

/** What the client gives once the headers are there. */
interface Sent {
  readonly data: AsyncIterable<unknown> & { readonly controller: AbortController };
  readonly response: Response;
}

/** One of the vendor's two APIs: how a request is made and sent, and how its answer is read. */
export interface Api {
  prepare(
    request: ChatRequest,
    options: ToRequestOptions,
  ): {
    readonly warnings: readonly Warning[];
    readonly toolNames: ReadonlyMap<string, string>;
    send(client: OpenAI, call: Call): Promise<Sent>;
  };
  fromStream(chunks: AsyncIterable<unknown>, options: FromStreamOptions): AsyncIterable<ChatEvent>;
  read(
    answer: unknown,
    context: AnswerContext,
  ): { readonly events: ChatEvent[]; readonly response: ChatResponse };
}

const chat: Api = {
  prepare(request, options) {
    const { body, warnings, toolNames } = toOpenAIRequest(request, options);
    const send = (client: OpenAI, call: Call) => client.chat.completions.create(body, call).withResponse();
    return { warnings, toolNames, send };
  },
  fromStream: fromOpenAIStream,
  read: readCompletion,
};

const responses: Api = {
  prepare(request, options) {
    const { body, warnings, toolNames } = toOpenAIResponsesRequest(request, options);
    const send = (client: OpenAI, call: Call) => client.responses.create(body, call).withResponse();
    return { warnings, toolNames, send };
  },
  fromStream: fromOpenAIResponsesStream,
  read: readResponses,
};

/** The API that the settings ask for; `auto` takes Responses where the model gains by it and the endpoint surely has it. */
export function chooseApi(
  modelId: string,
  { isOpenAI }: Connection,
  wanted: OpenAISettings['api'] = 'auto',
): Api {
  if (wanted === 'auto') return isOpenAI && isReasoningModel(modelId) ? responses : chat;
  return wanted === 'chat' ? chat : responses;
}
