import { keptOperations } from '../document-version.js';
import type { Names } from '../names.js';
import { announce, createFunction } from './functions.js';
import { hashOf } from './tables.js';

/** Outcomes: `applied`, `replayed`, `conflict` with what is stored (a counter of 0: nothing), `damaged`. */
export function createDocumentFunctions(names: Names): readonly string[] {
  const { documents } = names;
  return [
    createFunction(names, 'put_document', {
      parameters: `p_key text, p_now bigint, p_expect text, p_operation text, p_epoch text, p_expires bigint,
        p_value text, out outcome text, out v_epoch text, out v_counter bigint`,
      declares: `
        v_hash bytea := ${hashOf('p_key')};
        v_age int;
        v_live boolean;
        v_row ${documents};`,
      body: `loop
          select * into v_row from ${documents} where hash = v_hash for update;
          exit when found;
          if p_expect not in ('any', 'absent') then
            outcome := 'conflict'; v_epoch := ''; v_counter := 0;
            return;
          end if;
          insert into ${documents} (hash, key, epoch, counter, updated_at, expires_at, operations, value)
            values (v_hash, p_key, p_epoch, 1, p_now, p_expires, array[p_operation], p_value)
            on conflict do nothing;
          if found then
            ${announce(names, 'd')}
            outcome := 'applied'; v_epoch := p_epoch; v_counter := 1;
            return;
          end if;
        end loop;
        v_live := v_row.expires_at is null or v_row.expires_at > p_now;
        if v_live then
          if v_row.counter < 1 or cardinality(v_row.operations) <> least(v_row.counter, ${keptOperations})
            or array_position(v_row.operations, null) is not null then
            outcome := 'damaged';
            return;
          end if;
          v_age := array_position(v_row.operations, p_operation) - 1;
          v_epoch := v_row.epoch;
          if v_age is not null then
            outcome := 'replayed'; v_counter := v_row.counter - v_age;
            return;
          end if;
          if p_expect = 'absent' or (p_expect <> 'any' and p_expect <> 'v' || v_row.epoch || '.' || v_row.counter) then
            outcome := 'conflict'; v_counter := v_row.counter;
            return;
          end if;
          v_counter := v_row.counter + 1;
        elsif p_expect not in ('any', 'absent') then
          outcome := 'conflict'; v_epoch := ''; v_counter := 0;
          return;
        else
          v_epoch := p_epoch; v_counter := 1; v_row.operations := '{}'; v_row.expires_at := null;
        end if;
        update ${documents} set epoch = v_epoch, counter = v_counter, updated_at = p_now,
          expires_at = coalesce(p_expires, v_row.expires_at),
          operations = (p_operation || v_row.operations)[1:${keptOperations}], value = p_value where hash = v_hash;
        ${announce(names, 'd')}
        outcome := 'applied';`,
    }),
    createFunction(names, 'delete_document', {
      parameters: `p_key text, p_now bigint, p_expect text, out outcome text`,
      declares: `
        v_hash bytea := ${hashOf('p_key')};
        v_live boolean;
        v_row ${documents};`,
      body: `select * into v_row from ${documents} where hash = v_hash for update;
        v_live := found and (v_row.expires_at is null or v_row.expires_at > p_now);
        if (p_expect = 'absent' and v_live)
          or (p_expect not in ('any', 'absent')
            and not (v_live and p_expect = 'v' || v_row.epoch || '.' || v_row.counter)) then
          outcome := 'conflict';
          return;
        end if;
        delete from ${documents} where hash = v_hash;
        if v_live then ${announce(names, 'd')} end if;
        outcome := case when v_live then 'deleted' else 'absent' end;`,
    }),
  ];
}
