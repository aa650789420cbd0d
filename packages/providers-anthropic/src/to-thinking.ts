import type { Anthropic } from '@anthropic-ai/sdk';
import type { ChatRequest } from '@loci/core';
import type { Warnings } from '@loci/core/conversation';
import type { ModelKnowledge } from './models.js';

type Effort = 'low' | 'medium' | 'high';

export interface ThinkingFields {
  readonly thinking?: Anthropic.ThinkingConfigParam;
  readonly effort?: Effort;
}

export interface ThinkingConditions {
  readonly model: ModelKnowledge;
  readonly modelId: string;
  readonly maxTokens: number;
  /** A tool is forced, which the vendor refuses together with thinking. */
  readonly forced: boolean;
  /** The history ends in tool results of a turn that did not begin with thinking of this model. */
  readonly loopWithoutThinking: boolean;
}

const budgets: Readonly<Record<Effort, number>> = { low: 2048, medium: 8192, high: 24_576 };
const smallestBudget = 1024;

/** How a level of reasoning is asked for: by effort, or by a budget of tokens on the older models. */
export function toThinking(
  reasoning: ChatRequest['reasoning'],
  conditions: ThinkingConditions,
  warnings: Warnings,
): ThinkingFields {
  if (reasoning === undefined) return {};
  const { model, modelId, maxTokens, forced, loopWithoutThinking } = conditions;
  const without = (reason?: string): ThinkingFields => {
    if (reason !== undefined) warnings.add('reasoning', `The model was asked without reasoning: ${reason}.`);
    return model.canStopThinking ? { thinking: { type: 'disabled' } } : {};
  };
  if (reasoning.effort === 'none') {
    if (model.canStopThinking) return without();
    warnings.add('reasoning', `The reasoning effort was raised to low: ${modelId} cannot do without.`);
  }
  const effort = reasoning.effort === 'none' ? 'low' : reasoning.effort;
  if (forced) return without('the vendor refuses it together with a forced tool');
  if (model.thinking === 'adaptive') {
    // What is shown by default depends on the model; a summary is what can be displayed and kept.
    const thinking = { type: 'adaptive', display: 'summarized' } as const;
    return { thinking, ...(model.effort && { effort }) };
  }
  if (loopWithoutThinking)
    return without('the turn that its tool results belong to did not begin with reasoning of this model');
  // Room for the answer itself, within the same maximum.
  const budget = Math.min(budgets[effort], Math.max(smallestBudget, Math.floor(maxTokens * 0.75)));
  if (budget >= maxTokens) return without(`a maximum of ${maxTokens} tokens leaves no room for it`);
  return { thinking: { type: 'enabled', budget_tokens: budget }, ...(model.effort && { effort }) };
}
