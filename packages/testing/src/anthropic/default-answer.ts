import { toInstance } from '../loopback/to-instance.js';
import { quotingAnswer } from '../quoting/quoting-answer.js';
import { type AnthropicAnswer, blocksOf, type MessagesBody } from './answer.js';

/** Answers by quoting the prompt; where JSON was asked for, puts the quote into the smallest value that fits the schema. */
export function defaultAnswer({ system, messages, output_config }: MessagesBody): AnthropicAnswer {
  const prompt = [...(system === undefined ? [] : [{ role: 'system', content: system }]), ...messages];
  const text = quotingAnswer(
    prompt.map(({ role, content }) => ({
      role,
      texts: blocksOf(content).flatMap((block) => block.text ?? resultTexts(block.content)),
    })),
  );
  const format = output_config?.format;
  return { text: format ? JSON.stringify(toInstance(format.schema, text)) : text };
}

function resultTexts(content: unknown): readonly string[] {
  if (typeof content === 'string') return [content];
  return Array.isArray(content)
    ? content.flatMap((block: unknown) =>
        typeof block === 'object' && block !== null && 'text' in block && typeof block.text === 'string'
          ? [block.text]
          : [],
      )
    : [];
}
