// Works on a store; kills itself when it has come to a named step for the nth time.
import { subscribe } from 'node:diagnostics_channel';
import { createPostgresStore } from '../../dist/index.js';
import { runRounds } from './rounds.mjs';

const [options, point, nth] = process.argv.slice(2);
let left = Number(nth);
subscribe('loci:stores-postgres:step', (step) => {
  if (step !== point) return;
  left--;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
});

const store = createPostgresStore(JSON.parse(options));
await runRounds(store, 40);
await store.close();
