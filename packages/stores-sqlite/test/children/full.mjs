// Appends until writing fails, and reports every acknowledgement and the codes of the error and of its repetition.
import { createSqliteStore } from '../../dist/index.js';
import { say } from './tools.mjs';

const store = createSqliteStore({ path: process.argv[2] });
const append = (round) =>
  store.logs.append(
    ['log'],
    [0, 1].map((index) => ({ id: `${round}-${index}`, body: 'x'.repeat(5000) })),
  );
for (let round = 0; round < 1000; round++) {
  try {
    await append(round);
    say(`append ${round}`);
  } catch (error) {
    const again = await append(round).catch((reason) => reason);
    say(`failed ${error.code} ${again.code} ${error.cause?.code}`);
    say(`head ${(await store.logs.head(['log'])).seq}`);
    break;
  }
}
await store.close();
