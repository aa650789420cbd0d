import { randomUUID } from 'node:crypto';
import { createClient } from 'redis';
import { body, type Work } from './work.js';

/** Writes a value where the version is still the one that was read. */
const compareAndSet = `
if redis.call('HGET', KEYS[1], 'version') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[1] + 1, 'value', ARGV[2], 'o' .. ARGV[1] % 32, ARGV[3])
return 1`;

/**
 * By hand what the store does: the entry and its id in one transaction; a version and the ids of the newest 32 operations
 * beside the value.
 */
export async function createRawRedis(url: string, name: string): Promise<Work> {
  const client = createClient({ url });
  await client.connect();
  const key = `raw:${name}`;
  await client.hSet(key, { version: '0', value: '{"count":0}' });
  const script = await client.scriptLoad(compareAndSet);
  return {
    async append(id) {
      await client.multi().rPush('raw:log', JSON.stringify(body)).hSet('raw:ids', id, '1').exec();
    },
    async update() {
      const [version, value] = await client.hmGet(key, ['version', 'value']);
      const { count } = JSON.parse(value ?? '') as { count: number };
      const options = {
        keys: [key],
        arguments: [version ?? '', JSON.stringify({ count: count + 1 }), randomUUID()],
      };
      if ((await client.evalSha(script, options)) !== 1) throw new Error('Somebody else wrote the record.');
    },
    close: async () => void (await client.close()),
  };
}
