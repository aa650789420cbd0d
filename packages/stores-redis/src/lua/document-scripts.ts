import { toScript } from '../script.js';

/** KEYS: record. ARGV: now. */
export const getDocument = toScript(`
local found = find(KEYS[1], 'updated', 'value')
if found.bad then return { 'damaged', found.bad } end
if not found.live then return { 'absent' } end
return { 'found', found.epoch, found.count, found.expires, found.fields[4], found.fields[5] }`);

/**
 * KEYS: record, index, expiries. ARGV: now, expect, operation id, new epoch, value, expires, remove at, encoded key,
 * member, channel. The operation ids of the newest 32 versions are in a ring of fields \`o0\` to \`o31\`, and the version
 * that each of them made in \`p:<operation id>\`.
 */
export const putDocument = toScript(`
local record, expect, operation = KEYS[1], ARGV[2], ARGV[3]
local found = find(record, 'p:' .. operation)
if found.bad then return { 'damaged', found.bad } end
local epoch, count, forgotten = ARGV[4], 0, false
if found.live then
  epoch, count = found.epoch, found.count
  if found.fields[4] then
    local version = tonumber(found.fields[4])
    if not version or version > count then return { 'damaged', 'the version of an operation id is not one' } end
    return { 'replayed', epoch, version }
  end
  if expect == 'absent' or (expect ~= 'any' and expect ~= 'v' .. epoch .. '.' .. string.format('%.0f', count)) then
    return { 'conflict', epoch, count }
  end
  local ids = redis.call('HMGET', record, 'o' .. count % 32, 'o' .. (count + 1) % 32)
  forgotten = ids[2]
  if not ids[1] or (count >= 32 and not forgotten) then return { 'damaged', 'an operation id is missing' } end
elseif expect ~= 'any' and expect ~= 'absent' then
  return { 'conflict', '', 0 }
end
redis.call('PUBLISH', ARGV[10], ARGV[9])
redis.call('ZADD', KEYS[2], 0, ARGV[8])
if ARGV[6] ~= '' then redis.call('ZADD', KEYS[3], ARGV[6], ARGV[9]) end
if found.there and not found.live then redis.call('UNLINK', record) end
if forgotten then redis.call('HDEL', record, 'p:' .. forgotten) end
count = count + 1
local version = string.format('%.0f', count)
redis.call('HSET', record, 'epoch', epoch, 'count', version, 'updated', ARGV[1], 'value', ARGV[5],
  'o' .. count % 32, operation, 'p:' .. operation, version)
if ARGV[6] ~= '' then redis.call('HSET', record, 'expires', ARGV[6]) end
if ARGV[7] ~= '' then redis.call('PEXPIREAT', record, ARGV[7]) end
return { 'applied', epoch, count }`);
