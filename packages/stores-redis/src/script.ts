import { createHash } from 'node:crypto';

export interface Script {
  readonly source: string;
  /** By which the server knows a script that it has run before. */
  readonly sha: string;
}

/**
 * A script with the helpers that every script has. `ARGV[1]` is always the moment of the call.
 *
 * A script that fails half-way leaves what it wrote. So each one reads and decides first, and its first write is the one
 * that can be refused: a message that may not be published, an index that is none, memory that is full.
 */
export function toScript(body: string): Script {
  const source = `${helpers}\n${body}`;
  return Object.freeze({ source, sha: createHash('sha1').update(source).digest('hex') });
}

const helpers = `
local now = tonumber(ARGV[1])
-- What a record is, and the values of further fields of it, in one call: a call costs more than what it does.
local function find(key, ...)
  local fields = redis.pcall('HMGET', key, 'epoch', 'count', 'expires', ...)
  if fields.err then
    if string.find(fields.err, 'WRONGTYPE', 1, true) then return { bad = 'it is of another type' } end
    error(fields.err)
  end
  local count, expires = tonumber(fields[2]), tonumber(fields[3])
  if not fields[1] and not fields[2] and redis.call('EXISTS', key) == 0 then return {} end
  if not fields[1] or not count or count < 1 or count % 1 ~= 0 then
    return { bad = 'its version is not there', there = true }
  end
  if fields[3] and not expires then return { bad = 'its expiry is not a number', there = true } end
  if expires and expires <= now then return { there = true } end
  return { there = true, live = true, epoch = fields[1], count = count, expires = fields[3] or '', fields = fields }
end`;
