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
export { type Acknowledged, checkSharedThread } from './compaction/check-shared-thread.js';
export {
  playSharedThread,
  type SharedThreadOptions,
  type SharedThreadOutcome,
} from './compaction/play-shared-thread.js';
export {
  type CrashPoint,
  crashPoints,
  runThreadWorker,
  type ThreadWorkerOptions,
  type WorkerSetup,
} from './compaction/thread-worker.js';
