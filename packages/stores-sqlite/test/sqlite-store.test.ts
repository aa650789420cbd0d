import { createSqliteStore } from '../src/index.js';
import { storeBehaviour } from './store-behaviour.js';
import { temporaryFile } from './temporary-file.js';

storeBehaviour('stores-sqlite', async (clock) => createSqliteStore({ path: temporaryFile(), clock }));
