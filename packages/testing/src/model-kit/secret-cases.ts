import { equal, holds } from '../kit/assertions.js';
import { failing } from './failure-cases.js';
import { askWithTool, errorOf, everything, modelCase, read, responseOf } from './tools.js';

export const secretCases = [
  modelCase(
    'secrets/key',
    'the API key appears in no error and in no inspection of the model.',
    async (stage) => {
      for (const scenario of ['echoed-key', ...failing] as const)
        await stage(scenario, async (scene) => {
          const error = errorOf(await read(scene, askWithTool));
          holds(scene.secret.length >= 8, 'give the model a key that can be recognised');
          holds(!everything(error).includes(scene.secret), `${scenario}: the error shows the key`);
          holds(!everything(scene.model).includes(scene.secret), 'the model shows the key');
        });
      await stage('text', async (scene) => {
        const response = responseOf(await read(scene));
        holds(!everything(response).includes(scene.secret), 'the response shows the key');
      });
    },
  ),

  modelCase('secrets/log', 'nothing is logged', async (stage) => {
    const logged: unknown[] = [];
    const { console: logger } = globalThis;
    const levels = ['debug', 'info', 'log', 'warn', 'error'] as const;
    const originals = Object.fromEntries(levels.map((level) => [level, logger[level]]));
    for (const level of levels) logger[level] = (...words: unknown[]) => logged.push(...words);
    try {
      for (const scenario of ['text', 'echoed-key', 'malformed', 'cut', 'server-error'] as const)
        await stage(scenario, async (scene) => void (await read(scene)));
    } finally {
      Object.assign(logger, originals);
    }
    equal(logged, []);
  }),
];
