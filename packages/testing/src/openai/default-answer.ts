import { toInstance } from '../loopback/to-instance.js';
import { quotingAnswer } from '../quoting/quoting-answer.js';
import type { ChatBody, OpenAIAnswer } from './answer.js';

/** Answers by quoting the prompt; where JSON was asked for, puts the quote into the smallest value that fits the schema. */
export function defaultAnswer(body: ChatBody): OpenAIAnswer {
  const text = quotingAnswer(
    body.messages.map(({ role, content }) => ({
      role,
      texts: typeof content === 'string' ? [content] : (content ?? []).flatMap((part) => part.text ?? []),
    })),
  );
  const format = body.response_format;
  if (format?.type === 'json_object') return { text: JSON.stringify({ answer: text }) };
  if (format?.type === 'json_schema')
    return { text: JSON.stringify(toInstance(format.json_schema?.schema ?? {}, text)) };
  return { text };
}
