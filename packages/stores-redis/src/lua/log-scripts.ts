import { toScript } from '../script.js';

/** KEYS: log. ARGV: now. */
export const readHead = toScript(`
local found = find(KEYS[1])
if found.bad then return { 'damaged', found.bad } end
if not found.live then return { 'absent' } end
return { 'found', found.epoch, found.count }`);

/**
 * One hash is one log, so that it expires and goes as a whole: \`e:<seq>\` is an entry, \`i:<id>\` the seq of an id.
 * KEYS: log, index, expiries. ARGV: now, expect, new epoch, expires, remove at, encoded key, member, channel, then id
 * and entry of each.
 */
export const appendEntries = toScript(`
local log, expect = KEYS[1], ARGV[2]
local given = (#ARGV - 8) / 2
-- Lua hands over a limited number of arguments.
local function ids(from)
  local batch = {}
  for position = from, math.min(from + 999, #ARGV), 2 do batch[#batch + 1] = 'i:' .. ARGV[position] end
  return batch
end
local found = find(log, unpack(ids(9)))
if found.bad then return { 'damaged', found.bad } end
local epoch, count = ARGV[3], 0
if found.live then
  epoch, count = found.epoch, found.count
  local seen, first, last = 0, math.huge, 0
  for from = 9, #ARGV, 1000 do
    local batch = ids(from)
    local offset, seqs = 3, found.fields
    if from > 9 then offset, seqs = 0, redis.call('HMGET', log, unpack(batch)) end
    for index = 1, #batch do
      if seqs[offset + index] then
        local seq = tonumber(seqs[offset + index])
        if not seq then return { 'damaged', 'the seq of an id is not a number' } end
        seen, first, last = seen + 1, math.min(first, seq), math.max(last, seq)
      end
    end
  end
  if seen == given then return { 'replayed', epoch, first, last } end
  if seen > 0 then return { 'partly' } end
  if redis.call('HEXISTS', log, 'e:' .. string.format('%.0f', count + 1)) == 1 then
    return { 'damaged', 'its parts do not fit together' }
  end
  if expect ~= '' and expect ~= 'h' .. string.format('%.0f', count) .. ':' .. epoch then return { 'conflict' } end
elseif expect ~= '' and expect ~= 'absent' then
  return { 'conflict' }
end
redis.call('PUBLISH', ARGV[8], ARGV[7])
redis.call('ZADD', KEYS[2], 0, ARGV[6])
if ARGV[4] ~= '' then redis.call('ZADD', KEYS[3], ARGV[4], ARGV[7]) end
if found.there and not found.live then redis.call('UNLINK', log) end
local fields = {}
for position = 9, #ARGV, 2 do
  count = count + 1
  local seq = string.format('%.0f', count)
  for _, field in ipairs({ 'i:' .. ARGV[position], seq, 'e:' .. seq, ARGV[position + 1] }) do
    fields[#fields + 1] = field
  end
  if #fields > 2000 then
    redis.call('HSET', log, unpack(fields))
    fields = {}
  end
end
for _, field in ipairs({ 'epoch', epoch, 'count', string.format('%.0f', count), 'updated', ARGV[1] }) do
  fields[#fields + 1] = field
end
redis.call('HSET', log, unpack(fields))
if ARGV[4] ~= '' then redis.call('HSET', log, 'expires', ARGV[4]) end
if ARGV[5] ~= '' then redis.call('PEXPIREAT', log, ARGV[5]) end
return { 'appended', epoch, count - given + 1, count }`);

/**
 * A page of entries, bounded by number and by size. KEYS: log. ARGV: now, epoch that the reading began with or nothing,
 * first seq, last seq, number, bytes, whether newest first.
 */
export const readEntries = toScript(`
local found = find(KEYS[1])
if found.bad then return { 'damaged', found.bad } end
if not found.live or (ARGV[2] ~= '' and ARGV[2] ~= found.epoch) then return { 'absent' } end
local first, last = tonumber(ARGV[3]), math.min(tonumber(ARGV[4]), found.count)
local left, bytes = tonumber(ARGV[5]), tonumber(ARGV[6])
local from, to, step = first, last, 1
if ARGV[7] == '1' then from, to, step = last, first, -1 end
local page = { 'found', found.epoch, found.count }
for seq = from, to, step do
  if left <= 0 or bytes <= 0 then break end
  local entry = redis.call('HGET', KEYS[1], 'e:' .. string.format('%.0f', seq))
  page[#page + 1] = entry
  left, bytes = left - 1, bytes - (entry and #entry or 0)
end
return page`);

/** KEYS: log. ARGV: now, member, channel, then id, revision and body of each. */
export const rewriteEntries = toScript(`
local log = KEYS[1]
local found = find(log)
if found.bad then return { 'damaged', found.bad } end
if not found.live then return { 'written' } end
local staged, written = {}, { 'written' }
for position = 4, #ARGV, 3 do
  local seq = redis.call('HGET', log, 'i:' .. ARGV[position])
  if seq then
    local entry = staged[seq] or redis.call('HGET', log, 'e:' .. seq)
    local at, revision, id = string.match(entry or '', '^(%d+) (%d+) ([^\\n]+)\\n')
    if not at then return { 'damaged', 'it is not an entry', tonumber(seq) or 0 } end
    if tonumber(revision) == tonumber(ARGV[position + 1]) then
      staged[seq] = at .. ' ' .. string.format('%.0f', revision + 1) .. ' ' .. id .. '\\n' .. ARGV[position + 2]
      written[#written + 1] = (position - 4) / 3
    end
  end
end
if #written == 1 then return written end
redis.call('PUBLISH', ARGV[3], ARGV[2])
for seq, entry in pairs(staged) do redis.call('HSET', log, 'e:' .. seq, entry) end
redis.call('HSET', log, 'updated', ARGV[1])
return written`);
