/** What is called of a connection for commands. A client and a cluster of the `redis` package both are one. */
export interface RedisClient {
  evalSha(sha: string, options: ScriptInput): Promise<unknown>;
  eval(script: string, options: ScriptInput): Promise<unknown>;
  /** Another connection to the same server; called when a feed is watched. */
  duplicate(): SubscribingClient;
}

/** What is called of the connection for a feed. */
export interface SubscribingClient {
  connect(): Promise<unknown>;
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  destroy(): unknown;
}

interface ScriptInput {
  readonly keys: string[];
  readonly arguments: string[];
}
