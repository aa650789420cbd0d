import { blocksOf, type MessagesBody } from '../answer.js';
import { rulesOf } from '../models.js';
import { turnsOf } from './conversation-rules.js';

/** What depends on the model, and what thinking goes together with. */
export function judgeForModel(body: MessagesBody): string | undefined {
  return (
    judgeLimits(body) ??
    judgeSampling(body) ??
    judgeThinking(body) ??
    judgeToolChoice(body) ??
    judgePrefill(body)
  );
}

function judgeLimits({ model, max_tokens, output_config }: MessagesBody): string | undefined {
  const rules = rulesOf(model);
  if (rules?.maxOutput !== undefined && max_tokens > rules.maxOutput)
    return `max_tokens: ${max_tokens} > ${rules.maxOutput}, which is the maximum allowed number of output tokens for ${model}`;
  if (rules && !rules.effort && output_config?.effort)
    return 'This model does not support the effort parameter.';
  return undefined;
}

function judgeSampling(body: MessagesBody): string | undefined {
  const given = ['temperature', 'top_p', 'top_k'].filter((name) => body[name] !== undefined);
  if (given.length === 0) return undefined;
  if (rulesOf(body.model)?.sampling === false) return `\`${given[0]}\` is deprecated for this model.`;
  if (given.includes('temperature') && given.includes('top_p'))
    return '`temperature` and `top_p` cannot both be specified for this model. Please use only one.';
  if (thinks(body) && body['temperature'] !== undefined && body['temperature'] !== 1)
    return '`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.';
  return undefined;
}

function judgeThinking(body: MessagesBody): string | undefined {
  const { thinking, model } = body;
  const rules = rulesOf(model);
  if (!thinking) return undefined;
  if (thinking.type === 'enabled') {
    if (rules && !rules.budgets)
      return '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.';
    if ((thinking.budget_tokens ?? 0) >= body.max_tokens)
      return '`max_tokens` must be greater than `thinking.budget_tokens`.';
    return judgeToolLoop(body);
  }
  if (rules && !rules.adaptive && thinking.type === 'adaptive')
    return 'adaptive thinking is not supported on this model';
  if (rules && !rules.unthinking && thinking.type === 'disabled')
    return '"thinking.type.disabled" is not supported for this model.';
  if (rules && !rules.betweenTools && thinking.type === 'between_tools')
    return '"thinking.type.between_tools" is not supported for this model.';
  return undefined;
}

/** With a budget, the turn whose tool results come last must have begun with thinking. */
function judgeToolLoop({ messages }: MessagesBody): string | undefined {
  const turns = turnsOf(messages);
  const last = turns.at(-1);
  if (last?.role !== 'user' || last.blocks[0]?.block.type !== 'tool_result') return undefined;
  const first = turns.at(-2)?.blocks[0];
  return !first || /thinking$/.test(first.block.type)
    ? undefined
    : `${first.path}.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${first.block.type}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block (preceeding the lastmost set of \`tool_use\` and \`tool_result\` blocks).`;
}

function judgeToolChoice(body: MessagesBody): string | undefined {
  const { tool_choice: choice, tools = [], model } = body;
  if (!choice) return undefined;
  if (tools.length === 0) return 'tool_choice: may only be specified while providing tools.';
  if (choice.type === 'tool' && !tools.some((tool) => tool.name === choice.name))
    return `Tool '${choice.name}' not found in provided tools`;
  if (choice.type !== 'any' && choice.type !== 'tool') return undefined;
  if (rulesOf(model)?.forcedTools === false)
    return `tool_choice: forced tool use (\`${choice.type}\`) is not supported on this model.`;
  return thinks(body) ? 'Thinking may not be enabled when tool_choice forces tool use.' : undefined;
}

function judgePrefill(body: MessagesBody): string | undefined {
  const last = body.messages.at(-1);
  if (last?.role !== 'assistant') return undefined;
  const blocks = blocksOf(last.content);
  // A turn that the vendor paused is sent back as it was.
  if (blocks.some(({ type }) => /^server_tool_use$|_tool_result$/.test(type))) return undefined;
  if (rulesOf(body.model)?.prefill === false)
    return 'This model does not support assistant message prefill. The conversation must end with a user message.';
  if (thinks(body)) return 'When thinking is enabled, the conversation must end with a user message.';
  return /\s$/.test(blocks.at(-1)?.text ?? '')
    ? 'messages: final assistant content cannot end with trailing whitespace'
    : undefined;
}

function thinks({ thinking }: MessagesBody): boolean {
  return thinking !== undefined && thinking.type !== 'disabled';
}
