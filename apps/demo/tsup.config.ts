import { readdirSync } from 'node:fs';
import { defineConfig } from 'tsup';
import { preset } from '../../tsup.preset.js';

const children = readdirSync('src/children').map((name) => `src/children/${name}`);

export default defineConfig(preset(['src/main.ts', ...children]));
