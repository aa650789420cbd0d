export {
  type AdversarialChatOptions,
  type AdversarialOutcome,
  type AdversarialSetup,
  playAdversarialChat,
} from './compaction/adversarial-chat.js';
export {
  type AdversarialOptions,
  type AdversarialSummariser,
  adversarialSummariser,
  refusedMark,
} from './compaction/adversarial-summariser.js';
