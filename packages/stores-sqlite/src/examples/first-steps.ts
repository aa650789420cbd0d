import { createSqliteStore } from '../index.js';

const store = createSqliteStore({ path: 'memory.db' });

const user = ['users', '42'];
await store.documents.put(user, { name: 'Ada' }, { expect: 'any', operationId: 'op-1' });
const stored = await store.documents.get(user);
process.stdout.write(`${JSON.stringify(stored?.value)}\n`);

const thread = ['threads', '7'];
await store.logs.append(thread, [{ id: 'message-1', body: 'Hello' }]);
for await (const entry of store.logs.read(thread)) process.stdout.write(`${entry.seq} ${entry.body}\n`);

await store.close();
