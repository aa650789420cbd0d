import { defineConfig } from 'tsup';
import { preset } from '../../tsup.preset.js';

// The table of models becomes part of the build, which drops the attribute that Node wants on an import of JSON.
export default defineConfig({ ...preset(), noExternal: ['tiktoken/model_to_encoding.json'] });
