import type { AnthropicAnswer, MessagesBody } from './answer.js';

export interface AnthropicServerOptions {
  /** @default answers by `quotingAnswer` */
  readonly answer?: (body: MessagesBody) => string | AnthropicAnswer | Promise<string | AnthropicAnswer>;
  /** Refuses every other key with 401. @default accepts any, and none */
  readonly apiKey?: string;
  /** Refuses every other model with 404. @default accepts any */
  readonly models?: readonly string[];
  /**
   * Refuses longer prompts with `prompt is too long`; where an answer does not fit behind its prompt, it is cut and stops
   * with `model_context_window_exceeded`. Four characters count as a token. @default no limit
   */
  readonly contextWindow?: number;
  /** How many pieces of an answer come before a fault in mid-stream. @default 1 */
  readonly faultAfter?: number;
  /** Of the loopback interface, for a server that comes back. @default one that is free */
  readonly port?: number;
}
