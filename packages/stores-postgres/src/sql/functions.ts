import { type FunctionName, type Names, quoteLiteral } from '../names.js';

interface FunctionText {
  /** Its parameters, `out` ones included; those of every write come before them. */
  readonly parameters: string;
  readonly declares: string;
  readonly body: string;
}

/**
 * One operation is one function, so that it is one round trip and one transaction, and locks what it reads.
 *
 * Plans are kept by a connection for long: one that was made while a table was nearly empty must not read the whole
 * table later. So none may; and PostgreSQL, which then takes a plan for dear, must not compile it at every call.
 */
export function createFunction(
  names: Names,
  name: FunctionName,
  { parameters, declares, body }: FunctionText,
): string {
  const source = `#variable_conflict use_column
    declare ${declares}
      v_set text;
    begin
      ${beginWrite(names)}
      ${body}
    end`;
  return `create function ${names.fn(name)}(p_durable boolean, p_always boolean, p_wait_ms int, ${parameters})
    language plpgsql set enable_seqscan = off set jit = off as ${quoteLiteral(source)}`;
}

/**
 * Assignments, because PostgreSQL evaluates them without the planning and the executor that a `perform` takes.
 *
 * Whoever begins to listen waits for those who hold the lock of the writers by then: they may not have seen the listener.
 * No write waits longer for a row than its caller does, so that none is applied long after it was given up.
 */
function beginWrite({ locks }: Names): string {
  return `v_set := pg_advisory_xact_lock_shared(${locks.writers});
    v_set := set_config('lock_timeout', p_wait_ms::text, true);
    if not p_durable then
      v_set := set_config('synchronous_commit', 'off', true);
    elsif current_setting('synchronous_commit') = 'off' then
      v_set := set_config('synchronous_commit', 'on', true);
    end if;`;
}

/**
 * Says what changed. PostgreSQL commits transactions that notify one after the other, in the whole server, so this one
 * only does where somebody listens. A message has less than 8,000 bytes; an empty one says that anything may have changed.
 */
export function announce({ channel, locks }: Names, letter: 'd' | 'l'): string {
  return `if not p_always and pg_try_advisory_lock(${locks.listeners}) then
      v_set := pg_advisory_unlock(${locks.listeners});
    else
      perform pg_notify('${channel}', case when length(p_key) < 7900 then '${letter}' || p_key else '' end);
    end if;`;
}
