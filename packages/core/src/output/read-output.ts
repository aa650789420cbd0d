import { messageText } from '../message/create-message.js';
import type { ChatResponse } from '../model/model.js';
import type { OutputIssue } from './output-error.js';
import type { OutputSchema } from './output-schema.js';

export type Reading<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly OutputIssue[] };

/** What the text of an answer is to the schema. */
export async function readOutput<Output>(
  { message }: ChatResponse,
  schema: OutputSchema<Output>,
  mayBeFenced: boolean,
): Promise<Reading<Output>> {
  const text = messageText(message);
  let value: unknown;
  try {
    value = JSON.parse(mayBeFenced ? unfence(text) : text);
  } catch {
    return { issues: [{ path: '', message: text.trim() === '' ? 'is empty' : 'is not JSON' }] };
  }
  const result = await schema['~standard'].validate(value);
  if (!result.issues) return { value: result.value };
  return { issues: result.issues.map(({ path = [], message }) => ({ path: toPath(path), message })) };
}

/** What stands in the first fenced block, if there is one. */
function unfence(text: string): string {
  const start = text.indexOf('```');
  const end = text.indexOf('```', start + 3);
  return start < 0 || end < 0 ? text : text.slice(start + 3, end).replace(/^json\b/i, '');
}

function toPath(path: readonly (PropertyKey | { readonly key: PropertyKey })[]): string {
  return path
    .map((step) => (typeof step === 'object' ? step.key : step))
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`))
    .join('');
}
