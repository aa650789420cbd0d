import { onRedis } from './backends.js';
import { sharedMemoryCases } from './shared-memory.js';

onRedis(sharedMemoryCases);
