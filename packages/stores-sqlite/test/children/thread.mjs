// One of several processes on the same thread: says `ready`, is told to go, works, says what was acknowledged, and ends.
import { createMessage, openThread } from '@loci/core';
import { withMemory } from '@loci/core/turn';
import { scriptedModel } from '@loci/testing';
import { createSqliteStore } from '../../dist/index.js';
import { say, told } from './tools.mjs';

const [path, task, name, count] = process.argv.slice(2);
const store = createSqliteStore({ path });
const thread = openThread({ store, key: ['thread'] });

const tasks = {
  async append() {
    for (let index = 0; index < Number(count); index++) {
      const id = `${name}-${index}`;
      const data = createMessage({ id, role: 'user', content: id });
      await thread.append([{ id, version: 1, kind: 'message', data }]);
    }
    say('done');
  },
  async reshape() {
    const summary = createMessage({ role: 'user', content: `summary of ${name}` });
    const shape = { covers: view.coverage(view.messages[3]), hash: '', keep: [], summary };
    say(await thread.reshape(view, shape, name));
  },
  async chat() {
    // Everything stays in sight, so that the test can look at every turn.
    const history = { name: 'all', writes: ['history'], prepare: async () => ({}), observe: async () => {} };
    const model = scriptedModel(() => 'noted');
    const chat = withMemory(model, { thread, memory: [history], contextWindow: 1_000_000 });
    for (let index = 0; index < Number(count); index++) {
      const text = `${name}-${index}`;
      await chat.generate({ messages: [createMessage({ role: 'user', content: text })] });
      say(text);
    }
  },
};

const view = await thread.view();
say('ready');
await told();
await tasks[task]();
await store.close();
process.exit();
