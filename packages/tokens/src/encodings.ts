/** What tiktoken knows of an encoding before it is built. */
interface EncodingData {
  readonly pat_str: string;
  readonly special_tokens: Readonly<Record<string, number>>;
  readonly bpe_ranks: string;
}

/** An encoding of tiktoken: `o200k_base` is that of GPT-4o, GPT-4.1, GPT-5 and the o models. */
export type Encoding = 'gpt2' | 'r50k_base' | 'p50k_base' | 'p50k_edit' | 'cl100k_base' | 'o200k_base';

/** One `import` for each, so that a bundler leaves what is not loaded in files of its own. */
const sources: Readonly<Record<Encoding, () => Promise<unknown>>> = {
  gpt2: () => import('tiktoken/encoders/gpt2'),
  r50k_base: () => import('tiktoken/encoders/r50k_base'),
  p50k_base: () => import('tiktoken/encoders/p50k_base'),
  p50k_edit: () => import('tiktoken/encoders/p50k_edit'),
  cl100k_base: () => import('tiktoken/encoders/cl100k_base'),
  o200k_base: () => import('tiktoken/encoders/o200k_base'),
};

export const encodings = Object.keys(sources) as readonly Encoding[];

export interface Encoder {
  /** Where the encoding itself splits a text before it merges anything, as a source for a RegExp with the flag `u`. */
  readonly pattern: string;
  /** Tokens of a text; special tokens in it are text like any other. Quadratic in the longest piece of the pattern. */
  count(text: string): number;
}

/**
 * An encoder takes most of a second and tens of megabytes, so all counters of one encoding share one. It is held
 * weakly: tiktoken gives its memory back when the last counter is gone.
 */
const loaded = new Map<Encoding, WeakRef<Encoder>>();
const loading = new Map<Encoding, Promise<Encoder>>();

/** Loads tiktoken and this encoding, unless they are loaded. A failure is not remembered. */
export function loadEncoder(name: Encoding): Promise<Encoder> {
  const known = loaded.get(name)?.deref();
  if (known) return Promise.resolve(known);
  const started = loading.get(name);
  if (started) return started;
  const work = build(name).finally(() => loading.delete(name));
  loading.set(name, work);
  return work;
}

async function build(name: Encoding): Promise<Encoder> {
  const [{ Tiktoken }, module] = await Promise.all([import('tiktoken/lite'), sources[name]()]);
  // The types of these files nest one `default` more than there is, in Node as in bundles.
  const data = (module as { readonly default: EncodingData }).default;
  const tiktoken = new Tiktoken(data.bpe_ranks, data.special_tokens, data.pat_str);
  const encoder: Encoder = Object.freeze({
    pattern: data.pat_str,
    count: (text: string) => tiktoken.encode_ordinary(text).length,
  });
  loaded.set(name, new WeakRef(encoder));
  return encoder;
}
