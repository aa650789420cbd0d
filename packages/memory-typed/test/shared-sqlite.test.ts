import { onSqlite } from './backends.js';
import { sharedMemoryCases } from './shared-memory.js';

onSqlite(sharedMemoryCases);
