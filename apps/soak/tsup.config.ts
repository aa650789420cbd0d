import { defineConfig } from 'tsup';
import { preset } from '../../tsup.preset.js';

export default defineConfig(
  preset([
    'src/main.ts',
    'src/children/offline-pusher.ts',
    'src/children/thread-worker.ts',
    'src/children/updater.ts',
    'src/children/writer.ts',
  ]),
);
