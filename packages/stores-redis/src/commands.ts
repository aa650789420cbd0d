import { createBackoff } from './backoff.js';
import type { Settings } from './check-options.js';
import type { RedisClient } from './client.js';
import type { Dialer, Line } from './dial.js';
import { isUnknownScript } from './redis-error.js';
import type { Script } from './script.js';

/** Runs scripts on one connection, which is made when it is needed and made again when it was lost. */
export interface Commands {
  evaluate(script: Script, keys: readonly string[], values: readonly string[]): Promise<unknown>;
  /** Gives the connection up, because it does not answer. */
  hangUp(reason: Error): void;
}

export function createCommands(settings: Settings, dialer: Dialer): Commands {
  const { clock } = settings;
  const backoff = createBackoff(settings);
  let end = new AbortController();
  let line: Line<RedisClient> | undefined;
  let dialling: Promise<RedisClient> | undefined;
  let failure: { readonly error: unknown; readonly until: number } | undefined;

  async function dial(): Promise<RedisClient> {
    try {
      line = await dialer.command(end.signal);
      backoff.succeeded();
      failure = undefined;
      return line.client;
    } catch (error) {
      failure = { error, until: clock.now() + backoff.failed() };
      throw error;
    } finally {
      dialling = undefined;
    }
  }

  async function connect(): Promise<RedisClient> {
    if (dialer.given) return dialer.given;
    if (line && !line.isLost()) return line.client;
    // Calls during the pause fail at once, for the same reason as the last attempt.
    if (!dialling && failure && clock.now() < failure.until) throw failure.error;
    dialling ??= dial();
    return dialling;
  }

  return {
    async evaluate(script, keys, values) {
      const client = await connect();
      const input = { keys: [...keys], arguments: [...values] };
      try {
        return await client.evalSha(script.sha, input);
      } catch (error) {
        if (!isUnknownScript(error)) throw error;
        return client.eval(script.source, input);
      }
    },
    hangUp(reason) {
      end.abort(reason);
      end = new AbortController();
      line = undefined;
    },
  };
}
