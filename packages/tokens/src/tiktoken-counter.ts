import { InvalidInputError, type TokenCounter } from '@loci/core';
import models from 'tiktoken/model_to_encoding.json' with { type: 'json' };
import { countLinear } from './count-linear.js';
import { CounterNotLoadedError } from './counter-not-loaded-error.js';
import { type Encoding, encodings, loadEncoder } from './encodings.js';

export interface TiktokenCounterOptions {
  /** Not with `model`. @default 'o200k_base' */
  readonly encoding?: Encoding;
  /** A model of OpenAI, as tiktoken's own table names it. */
  readonly model?: string;
}

/**
 * Counts as OpenAI's models do. tiktoken and the encoding are loaded by `load()`, once for all counters of an encoding;
 * `countText` before that throws `CounterNotLoadedError`. Special tokens in a text are counted as the text they are.
 *
 * Exact, except for stretches of 256 bytes and more in which the encoding finds no word boundary (`aaaa…`, base64 without
 * digits, a wall of emoji): those are counted in parts and rounded up by 5 %, since an encoder is quadratic in them. The
 * true count is never above, so `errorRatio` is 0.
 *
 * Throws `InvalidInputError` for an encoding or a model that is not known.
 *
 * @example
 * const counter = tiktokenCounter({ model: 'gpt-5-mini' });
 * await counter.load();
 * counter.countText('hello world'); // 2
 */
export function tiktokenCounter(options: TiktokenCounterOptions = {}): TokenCounter {
  const encoding = chooseEncoding(options);
  const name = `tiktoken/${encoding}`;
  let count: ((text: string) => number) | undefined;
  return Object.freeze({
    name,
    errorRatio: 0,
    async load() {
      count ??= countLinear(await loadEncoder(encoding));
    },
    countText(text: string) {
      if (!count) throw new CounterNotLoadedError(name);
      return count(text);
    },
  });
}

function chooseEncoding({ encoding, model }: TiktokenCounterOptions): Encoding {
  const known = `one of ${encodings.join(', ')}`;
  if (encoding !== undefined && model !== undefined)
    throw new InvalidInputError('model', 'cannot be given together with an encoding');
  if (model !== undefined) {
    const found = Object.hasOwn(models, model) ? (models as Record<string, string>)[model] : undefined;
    if (!isEncoding(found))
      throw new InvalidInputError('model', `is not in tiktoken's table; give its encoding instead, ${known}`);
    return found;
  }
  const chosen = encoding ?? 'o200k_base';
  if (!isEncoding(chosen)) throw new InvalidInputError('encoding', `must be ${known}`);
  return chosen;
}

function isEncoding(name: unknown): name is Encoding {
  return encodings.some((encoding) => encoding === name);
}
