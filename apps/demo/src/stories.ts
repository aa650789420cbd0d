import type { Story } from './cli/story.js';
import { assistant } from './stories/assistant.js';
import { bare } from './stories/bare.js';
import { bot } from './stories/bot.js';
import { budget } from './stories/budget.js';
import { chat } from './stories/chat.js';
import { compactionStory } from './stories/compaction.js';
import { encryptedFile } from './stories/encrypted.js';
import { failover } from './stories/failover.js';
import { handOver } from './stories/hand-over.js';
import { hedging } from './stories/hedging.js';
import { lifecycle } from './stories/lifecycle.js';
import { list } from './stories/list.js';
import { offline } from './stories/offline.js';
import { optionsStory } from './stories/options.js';
import { processes } from './stories/processes.js';
import { researchStory } from './stories/research.js';
import { strategies } from './stories/strategies.js';
import { support } from './stories/support.js';
import { typed } from './stories/typed.js';
import { undoStory } from './stories/undo.js';
import { changeOfVendor } from './stories/vendors.js';

/** Every story, in the order of `--help`; the first one is told where none is named. A new story is a file and a line here. */
export const stories: readonly [Story, ...Story[]] = [
  chat,
  list,
  bot,
  bare,
  changeOfVendor,
  failover,
  strategies,
  hedging,
  budget,
  assistant,
  compactionStory,
  undoStory,
  researchStory,
  optionsStory,
  typed,
  support,
  lifecycle,
  encryptedFile,
  processes,
  handOver,
  offline,
];
