import type { ChatRequest, Warning } from '@loci/core';
import type { AnswerReader, Sent } from '@loci/core/provider';
import type { OpenAI } from 'openai';
import type { AnswerContext } from './finish-answer.js';
import { readCompletion, type WholeAnswer } from './from-response.js';
import { readResponses } from './from-responses.js';
import { createResponsesReader } from './from-responses-stream.js';
import { createChatReader, type ReaderOptions } from './from-stream.js';
import type { ToRequestOptions } from './request-parts.js';
import type { OpenAISettings } from './settings.js';
import { toOpenAIRequest } from './to-request.js';
import { toOpenAIResponsesRequest } from './to-responses-request.js';
import { isReasoningModel } from './traits.js';

type Call = OpenAI.RequestOptions;

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
  createReader(options: ReaderOptions): AnswerReader;
  read(answer: unknown, context: AnswerContext): WholeAnswer;
}

const chat: Api = {
  prepare(request, options) {
    const { body, warnings, toolNames } = toOpenAIRequest(request, options);
    const send = (client: OpenAI, call: Call) => client.chat.completions.create(body, call).withResponse();
    return { warnings, toolNames, send };
  },
  createReader: createChatReader,
  read: readCompletion,
};

const responses: Api = {
  prepare(request, options) {
    const { body, warnings, toolNames } = toOpenAIResponsesRequest(request, options);
    const send = (client: OpenAI, call: Call) => client.responses.create(body, call).withResponse();
    return { warnings, toolNames, send };
  },
  createReader: createResponsesReader,
  read: readResponses,
};

/** The API that the settings ask for; `auto` takes Responses where the model gains by it and the endpoint surely has it. */
export function chooseApi(modelId: string, isOpenAI: boolean, wanted: OpenAISettings['api'] = 'auto'): Api {
  if (wanted === 'auto') return isOpenAI && isReasoningModel(modelId) ? responses : chat;
  return wanted === 'chat' ? chat : responses;
}
