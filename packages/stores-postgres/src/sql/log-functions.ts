import type { Names } from '../names.js';
import { announce, createFunction } from './functions.js';
import { entryName, hashOf } from './tables.js';

/** Outcomes of `append_entries`: `appended`, `replayed`, `partly`, `conflict`, `damaged`. */
export function createLogFunctions(names: Names): readonly string[] {
  const { logs, entries, garbage } = names;
  const live = '(v_log.expires_at is null or v_log.expires_at > p_now)';
  const declares = `
    v_hash bytea := ${hashOf('p_key')};
    v_log ${logs};`;
  return [
    createFunction(names, 'append_entries', {
      parameters: `p_key text, p_now bigint, p_expect text, p_epoch text, p_expires bigint, p_ids text[],
        p_bodies text[],
        out outcome text, out v_epoch text, out v_first bigint, out v_last bigint`,
      declares: `${declares}
        v_count int := cardinality(p_ids);
        v_seen int;
        v_names text[];`,
      // A log that is made here has no entry yet; where another one makes it meanwhile, this looks again.
      body: `loop
          select * into v_log from ${logs} where hash = v_hash for update;
          exit when found;
          if p_expect not in ('any', 'absent') then outcome := 'conflict'; return; end if;
          insert into ${logs} (hash, key, epoch, seq, updated_at, expires_at)
            values (v_hash, p_key, p_epoch, 0, p_now, p_expires) on conflict do nothing returning * into v_log;
          exit when found;
        end loop;
        if not ${live} then
          if p_expect not in ('any', 'absent') then outcome := 'conflict'; return; end if;
          insert into ${garbage} (log) values (v_log.id) on conflict do nothing;
          update ${logs} set id = default, epoch = p_epoch, seq = 0, expires_at = null where hash = v_hash
            returning * into v_log;
        elsif v_log.seq > 0 then
          if v_count = 1 then
            v_names := array[${entryName('v_log.id', 'p_ids[1]')}];
          else
            v_names := array(select ${entryName('v_log.id', 'given')} from unnest(p_ids) as given);
          end if;
          select count(*), min(seq), max(seq) into v_seen, v_first, v_last from ${entries}
            where ${entryName('log', 'id')} = any (v_names);
          if v_seen = v_count then outcome := 'replayed'; v_epoch := v_log.epoch; return; end if;
          if v_seen > 0 then outcome := 'partly'; return; end if;
          if p_expect not in ('any', 'h' || v_log.seq || ':' || v_log.epoch) then
            outcome := 'conflict';
            return;
          end if;
        elsif v_log.seq < 0 or v_log.epoch <> p_epoch then
          outcome := 'damaged';
          return;
        end if;
        v_epoch := v_log.epoch; v_first := v_log.seq + 1; v_last := v_log.seq + v_count;
        if v_count = 1 then
          insert into ${entries} (log, seq, at, revision, id, body)
            values (v_log.id, v_first, p_now, 0, p_ids[1], p_bodies[1]);
        else insert into ${entries} (log, seq, at, revision, id, body)
          select v_log.id, v_log.seq + t.place, p_now, 0, t.id, t.body
            from unnest(p_ids, p_bodies) with ordinality as t(id, body, place);
        end if;
        update ${logs} set seq = v_last, updated_at = p_now, expires_at = coalesce(p_expires, v_log.expires_at)
          where hash = v_hash;
        ${announce(names, 'l')}
        outcome := 'appended';`,
    }),
    createFunction(names, 'rewrite_entries', {
      parameters: `p_key text, p_now bigint, p_ids text[], p_revisions bigint[], p_bodies text[], out written int[]`,
      declares,
      body: `written := '{}';
        select * into v_log from ${logs} where hash = v_hash for update;
        if not found or not ${live} then return; end if;
        for place in 1 .. coalesce(cardinality(p_ids), 0) loop
          update ${entries} set body = p_bodies[place], revision = revision + 1
            where ${entryName('log', 'id')} = ${entryName('v_log.id', 'p_ids[place]')} and revision = p_revisions[place];
          if found then written := written || place; end if;
        end loop;
        if cardinality(written) > 0 then
          update ${logs} set updated_at = p_now where hash = v_hash;
          ${announce(names, 'l')}
        end if;`,
    }),
    createFunction(names, 'delete_log', {
      parameters: `p_key text, p_now bigint, out outcome text`,
      declares,
      // An expired log is deleted too: who asks for a deletion need not wait for the sweep.
      body: `outcome := 'absent';
        delete from ${logs} where hash = v_hash returning * into v_log;
        if not found then return; end if;
        delete from ${entries} where log = v_log.id;
        if ${live} then
          ${announce(names, 'l')}
          outcome := 'deleted';
        end if;`,
    }),
    createFunction(names, 'sweep', {
      parameters: 'p_before bigint, p_batch int, out full_batch boolean',
      declares: `
        v_count int;
        v_left int := p_batch;
        v_id bigint;
        v_ids bigint[];`,
      // Rows that somebody else is about to write are left to the next sweep.
      body: `delete from ${names.documents} where ctid = any (array(select ctid from ${names.documents}
          where expires_at <= p_before limit p_batch for update skip locked));
        get diagnostics v_count = row_count;
        full_batch := v_count = p_batch;
        with expired as (delete from ${logs} where ctid = any (array(select ctid from ${logs}
            where expires_at <= p_before limit p_batch for update skip locked)) returning id),
          kept as (insert into ${garbage} (log) select id from expired on conflict do nothing)
          select count(*) into v_count from expired;
        full_batch := full_batch or v_count = p_batch;
        v_ids := array(select log from ${garbage} order by log limit p_batch for update skip locked);
        foreach v_id in array v_ids loop
          delete from ${entries} where log = v_id
            and seq in (select seq from ${entries} where log = v_id order by seq limit v_left);
          get diagnostics v_count = row_count;
          v_left := v_left - v_count;
          if v_left <= 0 then full_batch := true; return; end if;
          delete from ${garbage} where log = v_id;
        end loop;`,
    }),
  ];
}
