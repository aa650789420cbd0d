import { type ChangeEmbeddings, textsOf, toEmbeddingItems } from '../loopback/embeddings.js';
import { estimateTokens } from '../loopback/texts.js';
import { type MistralRefusal, vendorRefusal } from './refusal.js';

/** A request that the judge has accepted. */
export interface EmbeddingsBody {
  readonly model: string;
  readonly input: unknown;
  readonly output_dimension?: number | null;
}

const sizes: Readonly<Record<string, number>> = { 'mistral-embed': 1024, 'codestral-embed': 1536 };
const maxTokens = 16_384;

export function toEmbeddings(
  { model, input, output_dimension: asked }: EmbeddingsBody,
  id: string,
  change: ChangeEmbeddings = (items) => items,
  usage = true,
) {
  const texts = textsOf(input);
  const tokens = countTokens(texts);
  return {
    id,
    object: 'list',
    model,
    data: change(toEmbeddingItems(texts, asked ?? sizes[model] ?? 64)),
    usage: usage ? { prompt_tokens: tokens, completion_tokens: 0, total_tokens: tokens } : {},
  };
}

/** What no schema states: how much one request may hold. */
export function judgeEmbeddings({ input }: EmbeddingsBody): MistralRefusal | undefined {
  const tokens = countTokens(textsOf(input));
  if (tokens <= maxTokens) return undefined;
  return vendorRefusal(
    400,
    'Too many tokens overall, split into more batches.',
    'invalid_request_prompt',
    '3210',
  );
}

function countTokens(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + estimateTokens(text), 0);
}
