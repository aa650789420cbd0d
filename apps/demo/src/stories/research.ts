import { openThread } from '@loci/core';
import { agentSpace } from '@loci/memory-compaction/space';
import { chapter, note, print } from '../cli/output.js';
import type { Story } from '../cli/story.js';
import { type Report, research, summarise } from '../examples/report.js';
import { asksForEachCity } from '../examples/temperatures.js';
import { openParty } from '../wiring/parties.js';
import { quotes } from '../wiring/stand-ins.js';
import { openStore, threadKey } from '../wiring/store.js';
import { vendorNames } from '../wiring/vendors.js';

const three = 'How warm is it in Lima, Oslo and Pune?';
const draft = 'How warm is it in Quito?';

/** Two agents on two vendors, and what the one is told of the other. */
export const researchStory: Story = {
  name: 'research',
  about: 'a researcher hands over to a summariser on another vendor: nothing without opt-in, then by tag',
  options: ['file', 'model'],
  details: [
    '--model names the vendor of the researcher, who has a tool; the next one is that of the summariser, who',
    'has none. A vendor without a key is a stand-in in this process: it calls the tool, or quotes its prompt,',
    'and is no language model.',
    'The agents are apps/demo/src/examples/report.ts.',
  ],
  async run(settings) {
    const store = openStore(settings.file);
    const { vendor } = settings.model;
    const own = vendor === 'router' ? 'openai' : vendor;
    const next = vendorNames[(vendorNames.indexOf(own) + 1) % vendorNames.length] ?? own;
    const [one, other] = await Promise.all([
      openParty(settings, own, asksForEachCity),
      openParty(settings, next, quotes),
    ]);
    const key = threadKey(`research ${Date.now()}`);
    const report: Report = { store, thread: key, contextWindow: 16_000 };
    const researcher = async (question: string, sharing = {}) =>
      print(`researcher: ${await research(report, one.model, question, sharing)}\n`);
    const summariser = async (question: string, sharing = {}) => {
      const answer = await summarise(report, other.model, question, sharing);
      print(`you: ${question}\nsummariser: ${answer}\n`);
      return answer;
    };
    try {
      note(`the researcher is on ${one.label}; the summariser is on ${other.label}`);
      chapter('One memory, and neither has opted in');
      await researcher(three);
      const alone = await summariser('How warm is it in Oslo?');

      chapter('The researcher shares and the summariser does not look');
      await researcher(three, { share: true, tags: ['checked'] });
      const blind = await summariser('How warm is it in Oslo?');

      chapter('Both have opted in');
      const told = await summariser('How warm is it in Oslo?', { includeCrossAgent: true });

      chapter('What is shared as a draft is left out by the tag');
      await researcher(draft, { share: true, tags: ['draft'] });
      const checked = { includeCrossAgent: { tags: ['checked'] } };
      const filtered = await summariser('How warm is it in Quito?', checked);
      const whole = await summariser('How warm is it in Quito?', { includeCrossAgent: true });

      chapter('What is in the space, newest first');
      const space = agentSpace({
        space: openThread({ store, key: [...key, 'space'] }),
        agentId: 'you',
        includeCrossAgent: true,
      });
      for (const { agentId, tags, text } of await space.entries())
        print(`${agentId} [${tags.join(', ')}] ${text.split('\n').at(-1)}\n`);
      const isTold = /\b4\b/.test(told) && whole.includes('15');
      const isSilent = ![alone, blind].some((answer) => /\b4\b/.test(answer)) && !filtered.includes('15');
      return isTold && isSilent ? 0 : 1;
    } finally {
      await Promise.all([one.close(), other.close()]);
      await store.close();
    }
  },
};
