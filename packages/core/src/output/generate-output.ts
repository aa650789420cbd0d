import { InvalidInputError } from '../errors/invalid-input-error.js';
import type { CallOptions, ChatModel, ChatRequest, ChatResponse, Usage } from '../model/model.js';
import { sumUsage } from '../model/sum-usage.js';
import { type OutputAttempt, OutputError } from './output-error.js';
import { type OutputSchema, toJsonSchema } from './output-schema.js';
import { readOutput } from './read-output.js';
import { toFirstRound, toRepairRound } from './to-rounds.js';

export interface OutputOptions<Output> {
  /** What the answer must be. Vendors want an object at its root. */
  readonly schema: OutputSchema<Output>;
  /** Of the value, for the model. @default 'output' */
  readonly name?: string;
  /** Rounds in which the model may correct an answer that does not fit. @default 1 */
  readonly repair?: number;
}

export interface GeneratedOutput<Output> {
  /** As the schema returns it, defaults and transforms applied. */
  readonly value: Output;
  /** The answer that holds it. */
  readonly response: ChatResponse;
  /** Of all rounds together; `null` where the vendor did not say it for one of them. */
  readonly usage: Usage | null;
  /** The rounds before, whose answers did not fit. */
  readonly attempts: readonly OutputAttempt[];
}

/**
 * Asks for a value that fits a schema and gives it typed. An answer that does not fit is sent back with what is wrong, once by
 * default, under the caller's signal and deadline. A model whose traits say that it takes no schema is given it in a system
 * message, with the warning `output-schema`; where it may take none, the value may stand in a fenced block.
 *
 * Rejects with `OutputError` where no round gave a value: of a refused, filtered or cut answer no correction is asked for.
 * Rejects with `ModelError` where a call fails, and with `InvalidInputError` for a schema that has no JSON Schema.
 *
 * @example
 * const schema = z.object({ city: z.string(), degrees: z.number() });
 * const { value } = await generateOutput(model, { messages }, { schema });
 */
export async function generateOutput<Output>(
  model: ChatModel,
  request: Omit<ChatRequest, 'output'>,
  options: OutputOptions<Output>,
  callOptions?: CallOptions,
): Promise<GeneratedOutput<Output>> {
  const { schema, name = 'output', repair = 1 } = options;
  if (!Number.isSafeInteger(repair) || repair < 0)
    throw new InvalidInputError('options.repair', 'is not a whole number of rounds from 0');
  const feature = model.traits.features['output-schema'];
  let round = toFirstRound(model, request, { name, schema: toJsonSchema(schema) });
  const attempts: OutputAttempt[] = [];
  for (;;) {
    const response = await model.generate(round, callOptions);
    const { finishReason } = response;
    if (finishReason !== 'stop' && finishReason !== 'other')
      throw new OutputError(finishReason, [...attempts, { response, issues: [] }]);
    const read = await readOutput(response, schema, feature !== 'yes');
    if (!read.issues) {
      const rounds = [...attempts.map((attempt) => attempt.response), response];
      return {
        value: read.value,
        response: feature === 'no' ? withWarning(response) : response,
        usage: sumUsage(rounds.map(({ usage }) => usage)),
        attempts,
      };
    }
    const attempt = { response, issues: read.issues };
    attempts.push(attempt);
    if (attempts.length > repair) throw new OutputError('mismatch', attempts);
    round = toRepairRound(round, attempt);
  }
}

function withWarning(response: ChatResponse): ChatResponse {
  const message = 'The model takes no output schema: it was asked for in a system message.';
  return { ...response, warnings: [...response.warnings, { code: 'output-schema', message }] };
}
