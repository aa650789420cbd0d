import { invalidRequest, type VendorError, vendorError } from '../vendor-error.js';
import { isEncrypted } from './encrypted.js';
import type { ResponsesBody, ResponsesItem } from './responses-body.js';

/** The order of calls, outputs and reasoning, which no schema states. */
export function judgeItems({ input }: ResponsesBody): VendorError | undefined {
  if (typeof input === 'string') return undefined;
  const ids = new Set<string>();
  const open = new Map<string, number>();
  for (const [index, item] of input.entries()) {
    if (item.id && ids.has(item.id))
      return refuse(
        `Duplicate item found with id ${item.id}. Remove duplicate items from your input and try again.`,
      );
    if (item.id) ids.add(item.id);
    const refused =
      item.type === 'reasoning'
        ? judgeReasoning(item, input[index + 1], index)
        : judgeCall(item, open, index);
    if (refused) return refused;
  }
  const [unanswered] = open.keys();
  return unanswered === undefined
    ? undefined
    : refuse(`No tool output found for function call ${unanswered}.`);
}

function judgeCall(item: ResponsesItem, open: Map<string, number>, index: number): VendorError | undefined {
  const id = item.call_id ?? '';
  if (item.type === 'function_call') {
    if (open.has(id)) return refuse(`Duplicate function call with call_id ${id}.`);
    open.set(id, index);
  }
  if (item.type === 'function_call_output' && !open.delete(id))
    return refuse(`No tool call found for function call output with call_id ${id}.`);
  return undefined;
}

/** Reasoning is taken only whole, readable, and in front of what it led to. */
function judgeReasoning(
  item: ResponsesItem,
  next: ResponsesItem | undefined,
  index: number,
): VendorError | undefined {
  const { id = '', encrypted_content: encrypted } = item;
  if (typeof encrypted !== 'string') {
    const message = `Item with id '${id}' not found. Items are not persisted when \`store\` is set to false. Try again with \`store\` set to true, or remove this item from your input.`;
    return vendorError(404, message, 'invalid_request_error', null, 'input');
  }
  if (!isEncrypted(encrypted)) {
    const message = `The encrypted content for item ${id} could not be verified. Reason: Encrypted content could not be decrypted or parsed.`;
    return invalidRequest(message, `input[${index}].encrypted_content`, 'invalid_encrypted_content');
  }
  const follows = next?.type === 'reasoning' || next?.type === 'function_call' || next?.role === 'assistant';
  return follows
    ? undefined
    : refuse(`Item '${id}' of type 'reasoning' was provided without its required following item.`);
}

function refuse(message: string): VendorError {
  return invalidRequest(message, 'input', null);
}
