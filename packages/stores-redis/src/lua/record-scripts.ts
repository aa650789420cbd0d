import { toScript } from '../script.js';

/** Deletes a document or a log. KEYS: record, index, expiries. ARGV: now, expect, encoded key, member, channel. */
export const deleteRecord = toScript(`
local expect = ARGV[2]
local found = find(KEYS[1])
-- Where no state is named, what is damaged can be deleted.
if found.bad and expect == 'any' then found.live = true end
if found.bad and expect ~= 'any' then return { 'damaged', found.bad } end
if expect ~= 'any' and expect ~= 'absent' then
  if not found.live or expect ~= 'v' .. found.epoch .. '.' .. string.format('%.0f', found.count) then
    return { 'conflict' }
  end
elseif expect == 'absent' and found.live then
  return { 'conflict' }
end
if found.live then redis.call('PUBLISH', ARGV[5], ARGV[4]) end
redis.call('ZREM', KEYS[2], ARGV[3])
redis.call('ZREM', KEYS[3], ARGV[4])
redis.call('UNLINK', KEYS[1])
return { found.live and 'deleted' or 'absent' }`);

/** The next encoded keys. KEYS: index. ARGV: now, lower bound, upper bound, limit. */
export const listKeys = toScript(`
return redis.call('ZRANGEBYLEX', KEYS[1], ARGV[2], ARGV[3], 'LIMIT', 0, ARGV[4])`);

/**
 * Whether listed records live, and since when. KEYS: index, records. ARGV: now, encoded keys. What the server has removed
 * by its own clock leaves the index here.
 */
export const describeRecords = toScript(`
local rows = {}
for position = 2, #KEYS do
  local found = find(KEYS[position])
  if found.bad then rows[#rows + 1] = { 'damaged', found.bad }
  elseif found.live then
    rows[#rows + 1] = { 'found', redis.call('HGET', KEYS[position], 'updated'), found.expires }
  else
    if not found.there then redis.call('ZREM', KEYS[1], ARGV[position]) end
    rows[#rows + 1] = { 'absent' }
  end
end
return rows`);

/** What may have expired. KEYS: expiries. ARGV: now, moment, limit. */
export const listExpired = toScript(`
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[2], 'LIMIT', 0, ARGV[3])`);

/**
 * Removes records that expired before a moment, and looks at each again first. KEYS: expiries, then index and record of
 * each. ARGV: now, moment, then encoded key and member of each.
 */
export const removeExpired = toScript(`
now = tonumber(ARGV[2])
for position = 2, #KEYS, 2 do
  local index, record, encoded, member = KEYS[position], KEYS[position + 1], ARGV[position + 1], ARGV[position + 2]
  local found = find(record)
  if found.live and found.expires ~= '' then redis.call('ZADD', KEYS[1], found.expires, member)
  else
    redis.call('ZREM', KEYS[1], member)
    if not found.live and not found.bad then
      redis.call('ZREM', index, encoded)
      redis.call('UNLINK', record)
    end
  end
end
return {}`);
