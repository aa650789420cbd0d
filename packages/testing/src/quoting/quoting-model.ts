import type { ChatModel, Message } from '@loci/core';
import { scriptedModel } from '../scripted-model.js';
import { type PromptTexts, quotingAnswer, quotingModelId } from './quoting-answer.js';

/**
 * A stand-in for a language model that runs offline: it answers with `quotingAnswer`, so what it says shows what the
 * memory put into its prompt. Its id says that it is a stand-in; print `quotingDescription` wherever a person meets it.
 *
 * @example
 * const model = quotingModel();
 */
export function quotingModel(): ChatModel {
  return scriptedModel((request) => quotingAnswer(toPromptTexts(request.messages)), {
    modelId: quotingModelId,
  });
}

/** The texts of messages, in the form that `quotingAnswer` reads. Tool results count as text; reasoning and media do not. */
export function toPromptTexts(messages: readonly Message[]): PromptTexts[] {
  return messages.map(({ role, content }) => ({
    role,
    texts: content.flatMap((part) => {
      if (part.type === 'text') return [part.text];
      if (part.type !== 'tool-result') return [];
      return [typeof part.output === 'string' ? part.output : JSON.stringify(part.output)];
    }),
  }));
}
