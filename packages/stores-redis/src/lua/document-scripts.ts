import { toScript } from '../script.js';

/** KEYS: record. ARGV: now. */
export const getDocument = toScript(`
local found = find(KEYS[1])
if found.bad then return { 'damaged', found.bad } end
if not found.live then return { 'absent' } end
local fields = redis.call('HMGET', KEYS[1], 'updated', 'value')
return { 'found', found.epoch, found.count, found.expires, fields[1], fields[2] }`);

/**
 * KEYS: record, index, expiries. ARGV: now, expect, operation id, new epoch, value, expires, remove at, encoded key,
 * member, channel. The operation ids of the newest 32 versions are in a ring of fields \`o0\` to \`o31\`.
 */
export const putDocument = toScript(`
local record, expect, operation = KEYS[1], ARGV[2], ARGV[3]
local found = find(record)
if found.bad then return { 'damaged', found.bad } end
local epoch, count = ARGV[4], 0
if found.live then
  epoch, count = found.epoch, found.count
  for version = count, math.max(1, count - 31), -1 do
    local id = redis.call('HGET', record, 'o' .. version % 32)
    if not id then return { 'damaged', 'an operation id is missing' } end
    if id == operation then return { 'replayed', epoch, version } end
  end
  if expect == 'absent' or (expect ~= 'any' and expect ~= 'v' .. epoch .. '.' .. string.format('%.0f', count)) then
    return { 'conflict', epoch, count }
  end
elseif expect ~= 'any' and expect ~= 'absent' then
  return { 'conflict', '', 0 }
end
redis.call('PUBLISH', ARGV[10], ARGV[9])
redis.call('ZADD', KEYS[2], 0, ARGV[8])
if ARGV[6] ~= '' then redis.call('ZADD', KEYS[3], ARGV[6], ARGV[9]) end
if found.there and not found.live then redis.call('UNLINK', record) end
count = count + 1
redis.call('HSET', record, 'epoch', epoch, 'count', string.format('%.0f', count), 'updated', ARGV[1],
  'value', ARGV[5], 'o' .. count % 32, operation)
if ARGV[6] ~= '' then redis.call('HSET', record, 'expires', ARGV[6]) end
if ARGV[7] ~= '' then redis.call('PEXPIREAT', record, ARGV[7]) end
return { 'applied', epoch, count }`);
