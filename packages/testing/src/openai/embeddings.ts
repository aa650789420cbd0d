import { type ChangeEmbeddings, textsOf, toEmbeddingItems } from '../loopback/embeddings.js';
import { estimateTokens } from '../loopback/texts.js';
import { array, type Check, closed, integer, oneOf, string, stringOr } from './judge/checks.js';
import { invalidRequest, type VendorError } from './vendor-error.js';

/** A request that the judge has accepted. */
interface EmbeddingsBody {
  readonly model: string;
  readonly input: string | readonly string[];
  readonly dimensions?: number;
  readonly encoding_format?: 'float' | 'base64';
}

const sizes: Readonly<Record<string, number>> = {
  'text-embedding-3-small': 1536,
  'text-embedding-3-large': 3072,
  'text-embedding-ada-002': 1536,
};
const maxTokens = 300_000;
const maxTokensOfText = 8192;

const shape: Check = closed(
  {
    model: string({ min: 1 }),
    input: stringOr(string({ min: 1 }), array(string({ min: 1 }), { min: 1, max: 2048 })),
    dimensions: integer(1),
    encoding_format: oneOf('float', 'base64'),
    user: string(),
  },
  ['model', 'input'],
);

/** What the vendor would answer to a request for embeddings that it refuses. */
export function judgeEmbeddings(given: unknown): VendorError | undefined {
  const refused = shape(given, '');
  if (refused) return refused;
  // The shape was checked above.
  const { model, input, dimensions } = given as EmbeddingsBody;
  if (model === 'text-embedding-ada-002' && dimensions !== undefined)
    return invalidRequest('This model does not support specifying dimensions.', 'dimensions', null);
  const counts = textsOf(input).map(estimateTokens);
  const longest = Math.max(...counts);
  if (longest > maxTokensOfText) {
    const message = `This model's maximum context length is ${maxTokensOfText} tokens, however you requested ${longest} tokens. Please reduce your prompt.`;
    return invalidRequest(message, 'input', 'context_length_exceeded');
  }
  const sum = counts.reduce((total, count) => total + count);
  if (sum <= maxTokens) return undefined;
  return invalidRequest(
    `Requested ${sum} tokens, max ${maxTokens} tokens per request`,
    'input',
    'max_tokens_per_request',
  );
}

export function toEmbeddings(
  body: unknown,
  change: ChangeEmbeddings = (items) => items,
  withUsage: boolean = true,
) {
  const { model, input, dimensions, encoding_format: format } = body as EmbeddingsBody;
  const texts = textsOf(input);
  const tokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0);
  const items = toEmbeddingItems(texts, dimensions ?? sizes[model] ?? 64);
  const data = change(items).map((item) => (format === 'base64' ? toBase64(item) : item));
  return {
    object: 'list',
    model,
    data,
    ...(withUsage && { usage: { prompt_tokens: tokens, total_tokens: tokens } }),
  };
}

function toBase64(item: unknown): unknown {
  const { embedding, ...rest } = item as { readonly embedding: readonly number[] };
  return { ...rest, embedding: Buffer.from(new Float32Array(embedding).buffer).toString('base64') };
}
