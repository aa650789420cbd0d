import { onPostgres } from './backends.js';
import { sharedMemoryCases } from './shared-memory.js';

onPostgres(sharedMemoryCases);
